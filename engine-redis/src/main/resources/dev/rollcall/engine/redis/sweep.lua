-- Finds what is due in a partition, for the one node that sweeps it.
--
-- KEYS[1]  sweeper    string  who sweeps
-- KEYS[2]  swept      string  when it was last swept, milliseconds
-- KEYS[3]  grace      string  until when no lease ends, milliseconds
-- KEYS[4]  due        zset    see channel.lua; likewise the next two
-- KEYS[5]  intervals  zset
-- KEYS[6]  unindexed  zset
-- ARGV[2]  node
-- ARGV[3]  how long the node may be silent before another sweeps, milliseconds
-- ARGV[4]  how long nobody may have swept before signs of life are taken to have been lost, milliseconds; 0 for ever
-- ARGV[5]  the most of each
--
-- Returns 0 where another node sweeps; or 1, channels with something due, channels with an interval event due, and comings and goings
-- of more than five seconds ago that a user's own list of channels may not tell.

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[2] then
  return {0}
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])

local patience = tonumber(ARGV[4])
local swept = tonumber(redis.call('GET', KEYS[2]) or NOW_MILLIS)
if patience > 0 and NOW_MILLIS - swept > patience then
  -- Nobody could be heard for so long: give everybody that time again, and enough to try.
  local grace = math.min(math.max(NOW_MILLIS - swept, 20000), 300000)
  redis.call('SET', KEYS[3], int(NOW_MILLIS + grace), 'PX', grace)
end
redis.call('SET', KEYS[2], int(NOW_MILLIS))

return {
  1,
  redis.call('ZRANGE', KEYS[4], '-inf', NOW_MILLIS, 'BYSCORE', 'LIMIT', 0, ARGV[5]),
  redis.call('ZRANGE', KEYS[5], '-inf', NOW_MILLIS, 'BYSCORE', 'LIMIT', 0, ARGV[5]),
  redis.call('ZRANGE', KEYS[6], '-inf', int(NOW - 5000000), 'BYSCORE', 'LIMIT', 0, ARGV[5], 'WITHSCORES')
}
