-- Forgets a coming or going that the user's own list tells now, unless there was a later one.
--
-- KEYS[1]  unindexed  zset  see channel.lua
-- ARGV[2]  key:channel,user
-- ARGV[3]  when

local noted = redis.call('ZSCORE', KEYS[1], ARGV[2])
if noted and tonumber(noted) <= tonumber(ARGV[3]) then
  redis.call('ZREM', KEYS[1], ARGV[2])
end
return 1
