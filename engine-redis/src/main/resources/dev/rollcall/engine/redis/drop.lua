-- Empties a channel that is no longer tracked, without an event.
--
-- KEYS, ARGV[2…9]  see channel.lua

local us = tick(LAST)
for _, user in ipairs(redis.call('ZRANGE', ORDER, 0, -1)) do
  redis.call('ZADD', UNINDEXED, int(us), MEMBER .. ',' .. user)
end
count_on('occupants', -occupancy())
count_on('absentees', -redis.call('ZCARD', ABSENT))
redis.call('DEL', ORDER, LEASES, STATES, ABSENT, DEBOUNCED, UNHEARD, LEAVING, INTERVAL, CHANGES)
redis.call('ZREM', DUE, MEMBER)
redis.call('ZREM', INTERVALS, MEMBER)
redis.call('SREM', ACTIVE, CHANNEL)
return 1
