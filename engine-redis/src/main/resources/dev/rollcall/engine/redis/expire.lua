-- Ends the leases of a channel whose time is over, and forgets absentees.
--
-- KEYS, ARGV[2…9]  see channel.lua
-- ARGV[10]  the most leases
--
-- Returns 1 if more is due, else 0; then for each lease that ended: user, 1 if it was a timeout, occupancy after it, when it was, by how
-- many milliseconds it was late.

local gone = {0}
local grace = tonumber(redis.call('GET', GRACE) or '0')
local horizon = lease_score(NOW_MILLIS, LOST)

local function tell(user, timeout, count, us, deadline)
  gone[#gone + 1] = user
  gone[#gone + 1] = timeout == LOST and 0 or 1
  gone[#gone + 1] = count
  gone[#gone + 1] = int(us)
  gone[#gone + 1] = NOW_MILLIS - deadline
end

-- Takes out, all at once, occupants whose going is only noted, for the channel stays crowded without them.
local function depart_together(over, most)
  local us = tick(LAST)
  local before = occupancy()
  local users, unindexed = {}, {}
  for i = 1, most do
    local user, score = over[2 * i - 1], tonumber(over[2 * i])
    users[i] = user
    unindexed[#unindexed + 1] = int(us)
    unindexed[#unindexed + 1] = MEMBER .. ',' .. user
    tell(user, score % 4096, before - i, us, math.floor(score / 4096) + EPOCH)
  end
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
    note(users[i], tonumber(over[2 * i]) % 4096 == LOST and 1 or 2)
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
    local timeout = score % 4096
    local count, us = depart(over[i], timeout ~= LOST)
    tell(over[i], timeout, count, us, math.floor(score / 4096) + EPOCH)
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
