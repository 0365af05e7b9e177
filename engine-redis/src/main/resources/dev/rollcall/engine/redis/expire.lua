-- Ends leases whose time is over in channels of a partition, and forgets absentees. What ends is done channel by channel; what the
-- partition notes of it is written at the end, for all of them at once.
--
-- KEYS[1…9]   those of the partition, see channel.lua
-- KEYS[10…]   for each channel its keys, see channel.lua
-- ARGV[2]     the most leases
-- ARGV[3]     of how many settings there are
-- ARGV[4…]    seven arguments for each of them, see channel.lua from announce-max on
-- and then    for each channel key:channel, how many keys it has, and the number of its settings, from 0
--
-- Returns for each channel a list: 1 if more is due, else 0, or what failed there; then for each lease that ended: user, why, occupancy
-- after it, when it was, by how many milliseconds it was late.

local left = tonumber(ARGV[2])
local grace = tonumber(redis.call('GET', GRACE) or '0')
local horizon = lease_score(NOW_MILLIS, LOST)

-- What the partition is to note.
local gone, went, unindexed, idle, due, inactive = 0, {}, {}, {}, {}, {}

-- Returns why a lease ends. The time of grace is known for a while after it is over.
local function cause_of(user, deadline, timeout)
  if timeout == LOST then
    return string.sub(redis.call('HGET', LEAVING, user) or '', 1, 1) == '0' and REVOKED or DISCONNECTED
  end
  return deadline <= grace and RESTARTED or TIMED_OUT
end

-- Returns when and why somebody went, as the partition notes it. Text of a number takes longer to make than all else here.
local moments = {}
local function went_at(cause)
  moments[cause] = moments[cause] or int(NOW_MILLIS * 8 + cause)
  return moments[cause]
end

-- Takes out, all at once, those from first to last of whose leases are over. Told of one by one, or only noted, for the channel stays
-- crowded without them.
local function depart_together(answer, over, first, last, before, is_told, has_more)
  if is_told and (has_more or first > 1) then
    before_change(before - 1)
  end
  local us
  local users, kinds = {}, {}
  for i = first, last do
    local user, score = over[2 * i - 1], tonumber(over[2 * i])
    local deadline = math.floor(score / 4096) + EPOCH
    local cause = cause_of(user, deadline, score % 4096)
    local count = before - (i - first) - 1
    if not us or is_told or is_logged() then
      -- In the log each has a time of its own.
      us = tick(LAST)
    end
    local kind, micros, entry = letter_of(cause), int(us), MEMBER .. ',' .. user
    local place = #users + 1
    users[place], kinds[place] = user, kind
    place = #went + 1
    unindexed[place], unindexed[place + 1] = micros, entry
    went[place], went[place + 1] = went_at(cause), entry
    if is_told then
      announce(kind, us, count, of_user(user), cause)
    else
      record(us, body_of(kind, us, count, of_user(user), cause))
    end
    place = #answer
    answer[place + 1], answer[place + 2], answer[place + 3] = user, cause, count
    answer[place + 4], answer[place + 5] = micros, NOW_MILLIS - deadline
  end
  gone = gone + #users
  if #users >= before then
    redis.call('DEL', ORDER, LEASES)
    inactive[ACTIVE] = inactive[ACTIVE] or {}
    table.insert(inactive[ACTIVE], CHANNEL)
  else
    redis.call('ZREM', ORDER, unpack(users))
    redis.call('ZREM', LEASES, unpack(users))
  end
  if has_more and redis.call('EXISTS', UNHEARD, STATES, LEAVING) > 0 then
    redis.call('ZREM', UNHEARD, unpack(users))
    if MOST_KEPT > 0 then
      for _, user in ipairs(users) do
        put_state(user, false)
      end
    else
      redis.call('HDEL', STATES, unpack(users))
    end
    redis.call('HDEL', LEAVING, unpack(users))
  end
  if not is_told then
    for i, user in ipairs(users) do
      note(user, kinds[i] == 't' and 2 or 1)
      if not DELTAS or i % 100 == 1 and redis.call('HEXISTS', INTERVAL, 'over') == 1 then
        break
      end
    end
  end
  return #users >= before
end

local function expire(answer)
  -- Most channels have none of these, and a command costs more than it looks.
  local has_more = redis.call('EXISTS', UNHEARD, STATES, LEAVING, INTERVAL, ABSENT, DEBOUNCED) > 0
  local is_empty = false
  if grace <= NOW_MILLIS then
    local over = redis.call('ZRANGE', LEASES, '-inf', horizon, 'BYSCORE', 'LIMIT', 0, left, 'WITHSCORES')
    local count = #over / 2
    left = left - count
    if count > 0 then
      local before = occupancy()
      local noted = math.min(count, math.max(0, before - ANNOUNCE_MAX - 1))
      if noted > 0 then
        depart_together(answer, over, 1, noted, before, false, has_more)
      end
      if noted < count then
        is_empty = depart_together(answer, over, noted + 1, count, before - noted, true, has_more)
      end
    end
  end

  local next = math.huge
  if not is_empty then
    local first = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')
    if first[2] then
      next = math.max(math.floor(tonumber(first[2]) / 4096) + EPOCH, grace)
    end
  end
  if has_more and redis.call('EXISTS', ABSENT, DEBOUNCED) > 0 then
    local forgotten = redis.call('ZRANGE', ABSENT, '-inf', NOW_MILLIS, 'BYSCORE', 'LIMIT', 0, 1000)
    for _, user in ipairs(forgotten) do
      put_state(user, false)
      forget(user)
    end
    left = left - #forgotten
    redis.call('ZREMRANGEBYSCORE', DEBOUNCED, '-inf', NOW_MILLIS)
    for _, set in ipairs({ ABSENT, DEBOUNCED }) do
      local first = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
      if first[2] then
        next = math.min(next, tonumber(first[2]))
      end
    end
  end
  if next == math.huge then
    idle[#idle + 1] = MEMBER
  else
    due[#due + 1] = int(next)
    due[#due + 1] = MEMBER
  end
  if next <= NOW_MILLIS then
    answer[1] = 1
  end
end

given_later = true
local answers = {}
local first_key = 10
for at = 4 + 7 * ARGV[3], #ARGV, 3 do
  local member, keys = ARGV[at], tonumber(ARGV[at + 1])
  local answer = { 1 }
  -- Where too much has been done already the channel stays due.
  if left > 0 then
    answer[1] = 0
    local channel = string.sub(member, string.find(member, ':', 1, true) + 1)
    turn_to(member, channel, first_key, first_key + keys - 1, 4 + 7 * ARGV[at + 2])
    local well, failure = pcall(expire, answer)
    if not well then
      -- It costs this channel and no other.
      answer[1] = type(failure) == 'table' and failure.err or tostring(failure)
    end
  end
  first_key = first_key + keys
  answers[#answers + 1] = answer
end

if given then
  redis.call('SET', LAST, int(given))
end
if #due > 0 then
  redis.call('ZADD', DUE, unpack(due))
end
if #idle > 0 then
  redis.call('ZREM', DUE, unpack(idle))
end
if gone > 0 then
  count_on('occupants', -gone)
  redis.call('ZADD', UNINDEXED, unpack(unindexed))
  redis.call('ZADD', GONE, unpack(went))
  redis.call('ZREMRANGEBYRANK', GONE, 0, -MOST_GONE - 1)
  redis.call('PEXPIRE', GONE, GONE_MILLIS)
end
for active, channels in pairs(inactive) do
  redis.call('SREM', active, unpack(channels))
end
return answers
