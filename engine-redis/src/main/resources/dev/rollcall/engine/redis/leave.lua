-- Takes a user off a channel because they said so, or somebody else did.
--
-- KEYS, ARGV[2…10]  see channel.lua
-- ARGV[11]  user
-- ARGV[12]  why, see channel.lua
--
-- Returns 1, the occupancy after it and when it was; or 0 where they are not present.

turn_to(ARGV[2], ARGV[3], FIRST_OF_CHANNEL, #KEYS, SETTINGS)
local user = ARGV[11]
if not lease_of(user) then
  if forget(user) then
    put_state(user, false)
  end
  local debounced = redis.call('ZSCORE', DEBOUNCED, user)
  if debounced and tonumber(debounced) > NOW_MILLIS then
    -- Another moment, by which subscribes that wait for the old one know that they were called off.
    redis.call('ZADD', DEBOUNCED, int(math.max(NOW_MILLIS + DEBOUNCE, tonumber(debounced) + 1)), user)
  end
  return {0}
end
local count, us = depart(user, tonumber(ARGV[12]))
if DEBOUNCE > 0 then
  redis.call('ZADD', DEBOUNCED, int(NOW_MILLIS + DEBOUNCE), user)
  due_by(NOW_MILLIS + DEBOUNCE)
end
return {1, count, int(us)}
