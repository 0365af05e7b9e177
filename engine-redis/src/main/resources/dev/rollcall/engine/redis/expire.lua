-- Ends the leases of a channel whose time is over, and forgets absentees.
--
-- KEYS, ARGV[2…9]  see channel.lua
-- ARGV[10]  the most leases
--
-- Returns 1 if more is due, else 0; then for each lease that ended: user, why, occupancy after it, when it was, by how many milliseconds it
-- was late.

local gone = {0}
local grace = tonumber(redis.call('GET', GRACE) or '0')
local horizon = lease_score(NOW_MILLIS, LOST)

-- Returns why a lease ends. The time of grace is known for a while after it is over.
local function cause_of(user, deadline, timeout)
  if timeout == LOST then
    return string.sub(redis.call('HGET', LEAVING, user) or '', 1, 1) == '0' and REVOKED or DISCONNECTED
  end
  return deadline <= grace and RESTARTED or TIMED_OUT
end

local function tell(user, cause, count, us, deadline)
  gone[#gone + 1] = user
  gone[#gone + 1] = cause
  gone[#gone + 1] = count
  gone[#gone + 1] = int(us)
  gone[#gone + 1] = NOW_MILLIS - deadline
end

-- Takes out, all at once, occupants whose going is only noted, for the channel stays crowded without them.
local function depart_together(over, most)
  local us = tick(LAST)
  local before = occupancy()
  local users, unindexed, going, kinds = {}, {}, {}, {}
  for i = 1, most do
    local user, score = over[2 * i - 1], tonumber(over[2 * i])
    local deadline = math.floor(score / 4096) + EPOCH
    local cause = cause_of(user, deadline, score % 4096)
    if i > 1 and is_logged() then
      -- There each has a time of its own.
      us = tick(LAST)
    end
    users[i] = user
    kinds[i] = letter_of(cause)
    unindexed[#unindexed + 1] = int(us)
    unindexed[#unindexed + 1] = MEMBER .. ',' .. user
    going[#going + 1] = int(NOW_MILLIS * 8 + cause)
    going[#going + 1] = MEMBER .. ',' .. user
    record(us, body_of(kinds[i], us, before - i, of_user(user), cause))
    tell(user, cause, before - i, us, deadline)
  end
  redis.call('ZADD', GONE, unpack(going))
  redis.call('ZREMRANGEBYRANK', GONE, 0, -MOST_GONE - 1)
  redis.call('PEXPIRE', GONE, GONE_MILLIS)
  redis.call('ZREM', ORDER, unpack(users))
  redis.call('ZREM', LEASES, unpack(users))
  redis.call('ZADD', UNINDEXED, unpack(unindexed))
  count_on('occupants', -most)
  if redis.call('EXISTS', UNHEARD) == 1 then
    redis.call('ZREM', UNHEARD, unpack(users))
  end
  if redis.call('EXISTS', STATES) == 1 then
    redis.call('HDEL', STATES, unpack(users))
  end
  if redis.call('EXISTS', LEAVING) == 1 then
    redis.call('HDEL', LEAVING, unpack(users))
  end
  for i = 1, most do
    note(users[i], kinds[i] == 't' and 2 or 1)
    if not DELTAS or i % 100 == 1 and redis.call('HEXISTS', INTERVAL, 'over') == 1 then
      break
    end
  end
end

if grace <= NOW_MILLIS then
  local over = redis.call('ZRANGE', LEASES, '-inf', horizon, 'BYSCORE', 'LIMIT', 0, ARGV[10], 'WITHSCORES')
  local noted = math.min(#over / 2, math.max(0, occupancy() - ANNOUNCE_MAX - 1))
  if noted > 0 then
    depart_together(over, noted)
  end
  for i = 2 * noted + 1, #over, 2 do
    local score = tonumber(over[i + 1])
    local deadline = math.floor(score / 4096) + EPOCH
    local cause = cause_of(over[i], deadline, score % 4096)
    local count, us = depart(over[i], cause)
    tell(over[i], cause, count, us, deadline)
  end
end

local next = math.huge
local first = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')
if first[2] then
  next = math.max(math.floor(tonumber(first[2]) / 4096) + EPOCH, grace)
end
if redis.call('EXISTS', ABSENT, DEBOUNCED) > 0 then
  local forgotten = redis.call('ZRANGE', ABSENT, '-inf', NOW_MILLIS, 'BYSCORE', 'LIMIT', 0, 1000)
  for _, user in ipairs(forgotten) do
    redis.call('HDEL', STATES, user)
    forget(user)
  end
  redis.call('ZREMRANGEBYSCORE', DEBOUNCED, '-inf', NOW_MILLIS)
  first = redis.call('ZRANGE', ABSENT, 0, 0, 'WITHSCORES')
  if first[2] then
    next = math.min(next, tonumber(first[2]))
  end
  first = redis.call('ZRANGE', DEBOUNCED, 0, 0, 'WITHSCORES')
  if first[2] then
    next = math.min(next, tonumber(first[2]))
  end
end
if next == math.huge then
  redis.call('ZREM', DUE, MEMBER)
else
  redis.call('ZADD', DUE, int(next), MEMBER)
end
if next <= NOW_MILLIS then
  gone[1] = 1
end
return gone
