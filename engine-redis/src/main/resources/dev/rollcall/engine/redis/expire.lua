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
if grace <= NOW_MILLIS then
  local over = redis.call('ZRANGE', LEASES, '-inf', horizon, 'BYSCORE', 'LIMIT', 0, ARGV[10])
  for _, user in ipairs(over) do
    local deadline, timeout = lease_of(user)
    local count, us = depart(user, timeout ~= LOST)
    gone[#gone + 1] = user
    gone[#gone + 1] = timeout == LOST and 0 or 1
    gone[#gone + 1] = count
    gone[#gone + 1] = int(us)
    gone[#gone + 1] = NOW_MILLIS - deadline
  end
end

local forgotten = redis.call('ZRANGE', ABSENT, '-inf', NOW_MILLIS, 'BYSCORE', 'LIMIT', 0, 1000)
for _, user in ipairs(forgotten) do
  redis.call('HDEL', STATES, user)
  forget(user)
end
redis.call('ZREMRANGEBYSCORE', DEBOUNCED, '-inf', NOW_MILLIS)

local next = math.huge
local first = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')
if first[2] then
  next = math.max(math.floor(tonumber(first[2]) / 4096) + EPOCH, grace)
end
first = redis.call('ZRANGE', ABSENT, 0, 0, 'WITHSCORES')
if first[2] then
  next = math.min(next, tonumber(first[2]))
end
first = redis.call('ZRANGE', DEBOUNCED, 0, 0, 'WITHSCORES')
if first[2] then
  next = math.min(next, tonumber(first[2]))
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
