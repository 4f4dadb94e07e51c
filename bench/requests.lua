-- Requests from a file, one after the other and again from the start; one line of JSON at the end in place of wrk's own
-- summary. `wrk … -s requests.lua URL -- FILE`, where FILE is Lua that returns {{method, path, headers, body}, …}.
local prepared = {}
local at = 0

function init(args)
  local prefix = wrk.path:gsub("/$", "")
  for number, one in ipairs(dofile(args[1])) do
    prepared[number] = wrk.format(one[1], prefix .. one[2], one[3], one[4])
  end
end

function request()
  at = at % #prepared + 1
  return prepared[at]
end

function done(summary, latency)
  local failures = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format(
    'bench-result {"rps": %.1f, "p50": %.4f, "p99": %.4f, "failures": %d}\n',
    summary.requests * 1e6 / summary.duration, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failures))
end
