"""The same scenario on Locust, for load from more machines than one."""
