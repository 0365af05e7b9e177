-- Counts a sign of life: renews or joins.
--
-- KEYS, ARGV[2…10]  see channel.lua
-- ARGV[11]  user
-- ARGV[12]  timeout in seconds, 0 for what it was or else the presence timeout
-- ARGV[13]  1 if explicit: a heartbeat, not a subscribe
-- ARGV[14]  state, empty for none
-- ARGV[15]  1 if the position shall be before a join the user cannot have heard
-- ARGV[16]  for a subscribe that was debounced, until when; else empty
-- ARGV[17]  1 if the state replaces that of somebody present; else it is for a join only
-- ARGV[18]  1 if there is no room for anybody or anything new, 2 if the user is in as many channels as they may be, else 0
--
-- Returns a code (0 renewed, 1 joined, 2 a subscribe that is debounced, 3 refused for want of room, 4 for there are too many channels, 5 for the keyset would keep too much), a position before what happened, the occupancy, when they
-- joined, the state they joined with, 1 if their state changed, until when they are debounced and how many milliseconds that is away, 0 if
-- there is no use in waiting.

turn_to(ARGV[2], ARGV[3], FIRST_OF_CHANNEL, #KEYS, SETTINGS)
local user, asked, explicit, hear = ARGV[11], tonumber(ARGV[12]), ARGV[13] == '1', ARGV[15] == '1'
local state = state_argument(ARGV[14])
local full = ARGV[18] == '1'
local position = fence(LAST, 0)

-- Puts a join into the wildcards that were not recorded yet when it happened.
local function post_late(joined)
  local id = int(joined) .. '0-0'
  local entry = redis.call('XRANGE', EVENTS, id, id)[1]
  if not entry then
    return
  end
  for i = WILDCARDS, LAST_WILDCARD, 2 do
    if redis.call('EXISTS', KEYS[i]) == 1 and #redis.call('XREVRANGE', KEYS[i + 1], '+', id, 'COUNT', 1) == 0 then
      post(KEYS[i + 1], joined, #CHANNEL .. ':' .. CHANNEL .. entry[2][2], MOST_EVENTS)
    end
  end
end

local deadline, timeout = lease_of(user)
if deadline then
  if timeout == LOST then
    timeout = tonumber(redis.call('HGET', LEAVING, user) or TIMEOUT)
    redis.call('HDEL', LEAVING, user)
  end
  lease(user, asked > 0 and asked or timeout)
  if full and state and ARGV[17] == '1' and #state > #(redis.call('HGET', STATES, user) or '') then
    return {3, int(position), occupancy(), '', '', 0, '', 0}
  end
  if ARGV[17] == '1' and keeps_too_much(user, state) then
    return {5, int(position), occupancy(), '', '', 0, '', 0}
  end
  local changed = state ~= nil and ARGV[17] == '1' and change_state(user, state)
  if hear then
    local joined = redis.call('ZSCORE', UNHEARD, user)
    if joined then
      redis.call('ZREM', UNHEARD, user)
      if NOW - joined < 10000000 then
        position = math.min(position, joined - 1)
        post_late(tonumber(joined))
      end
    end
  end
  return {0, int(position), occupancy(), '', '', changed and 1 or 0, '', 0}
end

if ARGV[18] ~= '0' then
  return {full and 3 or 4, int(position), occupancy(), '', '', 0, '', 0}
end
if keeps_too_much(user, state) then
  return {5, int(position), occupancy(), '', '', 0, '', 0}
end
local debounced = redis.call('ZSCORE', DEBOUNCED, user)
if debounced then
  if not explicit and tonumber(debounced) > NOW_MILLIS then
    if ARGV[16] ~= '' and debounced ~= ARGV[16] then
      -- They left once more since: that calls the delayed join off.
      return {2, int(position), occupancy(), '', '', 0, '', 0}
    end
    if state ~= nil then
      if state then
        put_state(user, state)
        remember(user)
      else
        put_state(user, false)
        forget(user)
      end
    end
    return {2, int(position), occupancy(), '', '', 0, debounced, tonumber(debounced) - NOW_MILLIS}
  end
  redis.call('ZREM', DEBOUNCED, user)
end

local kept = redis.call('ZSCORE', ABSENT, user)
if kept then
  forget(user)
  if state == nil and tonumber(kept) > NOW_MILLIS then
    state = redis.call('HGET', STATES, user)
  end
end

before_change(occupancy() + 1)
local us = tick(LAST)
redis.call('ZADD', ORDER, int(us), user)
count_on('occupants', 1)
lease(user, asked > 0 and asked or TIMEOUT)
put_state(user, state or false)
local count = occupancy()
if count == 1 then
  redis.call('SADD', ACTIVE, CHANNEL)
end
redis.call('ZADD', UNINDEXED, int(us), MEMBER .. ',' .. user)
local cause = explicit and BY_HEARTBEAT or BY_SUBSCRIBE
if count <= ANNOUNCE_MAX then
  announce('j', us, count, of_user(user, state), cause)
  if explicit and string.find(ANNOUNCED, 'j', 1, true) then
    redis.call('ZREMRANGEBYSCORE', UNHEARD, '-inf', int(NOW - 10000000))
    redis.call('ZREMRANGEBYRANK', UNHEARD, 0, -1024)
    redis.call('ZADD', UNHEARD, int(us), user)
    redis.call('PEXPIRE', UNHEARD, 10000)
  end
else
  record(us, body_of('j', us, count, of_user(user, state), cause))
  note(user, 0)
end
return {1, int(position), count, int(us), state or '', 0, '', 0}
