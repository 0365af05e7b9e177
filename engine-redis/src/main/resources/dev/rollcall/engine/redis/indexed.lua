-- Forgets comings and goings that users' own lists tell now, unless there was a later one.
--
-- KEYS[1]  unindexed  zset  see channel.lua
-- ARGV[2n]      key:channel,user
-- ARGV[2n + 1]  when

for i = 2, #ARGV, 2 do
  local noted = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if noted and tonumber(noted) <= tonumber(ARGV[i + 1]) then
    redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return 1
