-- Prolongs a lease, the usual end of a heartbeat.
--
-- KEYS[1]  leases
-- KEYS[2]  due
-- ARGV[2]  key:channel
-- ARGV[3]  user
-- ARGV[4]  timeout in seconds, 0 for what it was
--
-- Returns 1, or 0 where there is more to do than this: nobody there, or their connection was lost.

local score = redis.call('ZSCORE', KEYS[1], ARGV[3])
if not score then
  return 0
end
score = tonumber(score)
local timeout = score % 4096
if timeout == 4095 then
  return 0
end
local asked = tonumber(ARGV[4])
if asked > 0 then
  timeout = asked
end
local deadline = math.ceil(NOW / 1000) + timeout * 1000
local renewed = (deadline - 1577836800000) * 4096 + timeout
redis.call('ZADD', KEYS[1], int(renewed), ARGV[3])
-- "due" is a lower bound, which a later end leaves true.
if renewed < score then
  redis.call('ZADD', KEYS[2], 'LT', int(deadline), ARGV[2])
end
return 1
