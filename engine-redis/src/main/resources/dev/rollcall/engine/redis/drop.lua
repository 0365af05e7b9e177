-- Empties a channel that is no longer tracked, without an event, a part at a time.
--
-- KEYS, ARGV[2…10]  see channel.lua
-- ARGV[11]  the most occupants of one part
--
-- Returns 1 if there is more to do, else 0; the occupancy before; and who is gone.

turn_to(ARGV[2], ARGV[3], FIRST_OF_CHANNEL, #KEYS, SETTINGS)
local us = tick(LAST)
local before = occupancy()
local gone = redis.call('ZPOPMIN', ORDER, ARGV[11] or 1000)
local users = {}
local unindexed = {}
for i = 1, #gone, 2 do
  if #users > 0 and is_logged() then
    us = tick(LAST)
  end
  users[#users + 1] = gone[i]
  record(us, body_of('l', us, before - #users, of_user(gone[i]), RULE_CHANGED))
  remember_going(gone[i], RULE_CHANGED)
  unindexed[#unindexed + 1] = int(us)
  unindexed[#unindexed + 1] = MEMBER .. ',' .. gone[i]
end
if #users > 0 then
  count_on('occupants', -#users)
  redis.call('ZADD', UNINDEXED, unpack(unindexed))
  redis.call('ZREM', LEASES, unpack(users))
end
if occupancy() > 0 then
  return {1, before, users}
end
count_on('absentees', -redis.call('ZCARD', ABSENT))
if MOST_KEPT > 0 then
  add_size('state-sizes:', CHANNEL)
end
redis.call('UNLINK', ORDER, LEASES, STATES, ABSENT, DEBOUNCED, UNHEARD, LEAVING, INTERVAL, CHANGES)
redis.call('ZREM', DUE, MEMBER)
redis.call('ZREM', INTERVALS, MEMBER)
redis.call('SREM', ACTIVE, CHANNEL)
return {0, before, users}
