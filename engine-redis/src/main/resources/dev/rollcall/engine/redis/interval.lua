-- Sends the periodic event of a crowded channel if it is due, or ends interval mode if there is no more reason for it.
--
-- KEYS, ARGV[2…10]  see channel.lua
--
-- Returns the occupancy if the event was sent, else -1.

turn_to(ARGV[2], ARGV[3], FIRST_OF_CHANNEL, #KEYS, SETTINGS)
local next = redis.call('HGET', INTERVAL, 'next')
if not next then
  redis.call('ZREM', INTERVALS, MEMBER)
  return -1
end
next = tonumber(next)
if next > NOW_MILLIS then
  return -1
end
if occupancy() <= ANNOUNCE_MAX then
  local changed = redis.call('HEXISTS', INTERVAL, 'changed') == 1
  end_interval()
  return changed and occupancy() or -1
end
send_interval()
-- From the moment it was due, not from now: a late event does not shift those that follow.
next = NOW_MILLIS + PERIOD - (NOW_MILLIS - next) % PERIOD
redis.call('HSET', INTERVAL, 'next', int(next))
redis.call('ZADD', INTERVALS, int(next), MEMBER)
return occupancy()
