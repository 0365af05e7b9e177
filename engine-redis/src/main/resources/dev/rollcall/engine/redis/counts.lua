-- Tells how much a partition holds.
--
-- KEYS[1]  counts  hash  see channel.lua
-- KEYS[2]  due     zset  see channel.lua
--
-- Returns how many occupants, absentees, groups, and channels with any of the former two.

local counts = redis.call('HMGET', KEYS[1], 'occupants', 'absentees', 'groups')
return {
  tonumber(counts[1] or '0'), tonumber(counts[2] or '0'), tonumber(counts[3] or '0'), redis.call('ZCARD', KEYS[2])
}
