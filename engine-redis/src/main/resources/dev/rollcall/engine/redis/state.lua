-- Replaces a user's state, whether they are present or not.
--
-- KEYS, ARGV[2…10]  see channel.lua
-- ARGV[11]  user
-- ARGV[12]  state
--
-- Returns 1 if it is another now, else 0, or -1 where the keyset would keep too much; the occupancy; and a time not before the change.

turn_to(ARGV[2], ARGV[3], FIRST_OF_CHANNEL, #KEYS, SETTINGS)
local user, state = ARGV[11], state_argument(ARGV[12])
if keeps_too_much(user, state) then
  return {-1, occupancy(), int(fence(LAST, 0))}
end
if lease_of(user) then
  local changed = change_state(user, state)
  return {changed and 1 or 0, occupancy(), int(fence(LAST, 0))}
end
local kept = redis.call('ZSCORE', ABSENT, user)
if kept and tonumber(kept) <= NOW_MILLIS then
  put_state(user, false)
  forget(user)
end
local changed = change_state(user, state)
if state then
  remember(user)
else
  forget(user)
end
return {changed and 1 or 0, occupancy(), int(fence(LAST, 0))}
