-- POST /echo with 206 bytes of JSON, and one line of JSON at the end in place of wrk's own summary.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"order":"' .. string.rep("x", 98) .. '","items":[1,2,3,4,5,6,7,8],"note":"' .. string.rep("y", 60) .. '"}'

function done(summary, latency)
  local failures = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format(
    'bench-result {"rps": %.1f, "p50": %.4f, "p99": %.4f, "failures": %d}\n',
    summary.requests * 1e6 / summary.duration, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failures))
end
