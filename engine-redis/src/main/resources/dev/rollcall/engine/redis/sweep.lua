-- Finds what is due in a partition, for the one node that sweeps it.
--
-- KEYS[1]  sweeper    string  who sweeps
-- KEYS[2]  swept      string  when it was last swept, milliseconds
-- KEYS[3]  grace      string  until when no lease ends, milliseconds
-- KEYS[4]  due        zset    see channel.lua; likewise the next two
-- KEYS[5]  intervals  zset
-- KEYS[6]  unindexed  zset
-- KEYS[7]  born       string  when the partition was first swept, microseconds: another one tells that everything was lost
-- ARGV[2]  node
-- ARGV[3]  how long the node may be silent before another sweeps, milliseconds
-- ARGV[4]  how long nobody may have swept before signs of life are taken to have been lost, milliseconds; 0 for ever
-- ARGV[5]  the most of each
--
-- Returns 0 where another node sweeps, else 1; when it was born; what time it is, milliseconds; for 0, for how long the other one sweeps at
-- least, milliseconds; and, for 1, channels with something due,
-- channels with an interval event due, and comings and goings of more than five seconds ago that a user's own list of channels may
-- not tell.

local born = redis.call('GET', KEYS[7])
if not born then
  born = int(NOW)
  redis.call('SET', KEYS[7], born)
end
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[2] then
  local left = redis.pcall('PTTL', KEYS[1])
  return {0, born, NOW_MILLIS, type(left) == 'number' and left or 0}
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])

local patience = tonumber(ARGV[4])
local swept = tonumber(redis.call('GET', KEYS[2]) or NOW_MILLIS)
if patience > 0 and NOW_MILLIS - swept > patience then
  -- Nobody could be heard for so long: give everybody that time again, and enough to try.
  -- A short outage does not cut the grace of a long one short.
  local until_then = NOW_MILLIS + math.min(math.max(NOW_MILLIS - swept, 20000), 300000)
  if until_then > tonumber(redis.call('GET', KEYS[3]) or '0') then
    -- Kept longer, so that whoever did not come back is told from whoever timed out.
    redis.call('SET', KEYS[3], int(until_then), 'PX', int(until_then - NOW_MILLIS + 300000))
  end
end
redis.call('SET', KEYS[2], int(NOW_MILLIS))

return {
  1,
  born,
  NOW_MILLIS,
  redis.call('ZRANGE', KEYS[4], '-inf', NOW_MILLIS, 'BYSCORE', 'LIMIT', 0, ARGV[5]),
  redis.call('ZRANGE', KEYS[5], '-inf', NOW_MILLIS, 'BYSCORE', 'LIMIT', 0, ARGV[5]),
  redis.call('ZRANGE', KEYS[6], '-inf', int(NOW - 5000000), 'BYSCORE', 'LIMIT', 0, ARGV[5], 'WITHSCORES')
}
