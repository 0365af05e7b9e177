-- Changes a channel group.
--
-- KEYS[1]   last
-- KEYS[2]   group   zset  channel -> when it was added
-- KEYS[3]   groups  set   names of the groups of the keyset
-- KEYS[4]   counts  hash  see channel.lua
-- KEYS[5]   grouped zset  see grouped.lua
-- ARGV[2]   add, remove or delete
-- ARGV[3]   group
-- ARGV[4]   the most channels
-- ARGV[5]   the most groups
-- ARGV[6]   the most channels of all groups together
-- ARGV[7]   1 if it goes by the groups that are counted, even where some are not
-- ARGV[8…]  channels
--
-- Returns how many channels the group would have, negative, if those are too many; 2 if there may be no group more; 3 if there may be no
-- channel more in all of them; 4 if that cannot be told before all groups are counted; else 1 if it changed, 0 if not.

local most = tonumber(ARGV[6])
local before = redis.call('ZCARD', KEYS[2])

local changed = false
if ARGV[2] == 'add' then
  local fresh = {}
  for i = 8, #ARGV do
    if not fresh[ARGV[i]] and not redis.call('ZSCORE', KEYS[2], ARGV[i]) then
      fresh[ARGV[i]] = true
      fresh[#fresh + 1] = ARGV[i]
    end
  end
  local grown = before + #fresh
  if grown > tonumber(ARGV[4]) then
    return -grown
  end
  if grown == #fresh and #fresh > 0 and redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[5]) then
    return 2
  end
  -- Where all groups may be full there is nothing to count.
  local groups = redis.call('SCARD', KEYS[3])
  if #fresh > 0 and (groups + 1) * ARGV[4] > most then
    if ARGV[7] ~= '1' and math.max(0, redis.call('ZCARD', KEYS[5]) - 1) ~= groups then
      return 4
    end
    if tonumber(redis.call('ZSCORE', KEYS[5], '') or '0') + #fresh > most then
      return 3
    end
  end
  for _, channel in ipairs(fresh) do
    redis.call('ZADD', KEYS[2], int(tick(KEYS[1])), channel)
    changed = true
  end
elseif ARGV[2] == 'remove' then
  for i = 8, #ARGV do
    changed = redis.call('ZREM', KEYS[2], ARGV[i]) == 1 or changed
  end
else
  changed = redis.call('DEL', KEYS[2]) == 1
end
if not changed then
  return 0
end
local after = redis.call('ZCARD', KEYS[2])
local counted = tonumber(redis.call('ZSCORE', KEYS[5], ARGV[3]) or '0')
local all = tonumber(redis.call('ZSCORE', KEYS[5], '') or '0')
if after > 0 then
  redis.call('ZADD', KEYS[5], int(all - counted + after), '', after, ARGV[3])
elseif counted > 0 then
  redis.call('ZREM', KEYS[5], ARGV[3])
  redis.call('ZADD', KEYS[5], int(math.max(0, all - counted)), '')
  if redis.call('ZCARD', KEYS[5]) == 1 then
    redis.call('DEL', KEYS[5])
  end
end
if after > 0 then
  redis.call('HINCRBY', KEYS[4], 'groups', redis.call('SADD', KEYS[3], ARGV[3]))
else
  redis.call('HINCRBY', KEYS[4], 'groups', -redis.call('SREM', KEYS[3], ARGV[3]))
end
redis.call('SPUBLISH', KEYS[2], int(fence(KEYS[1], 0)) .. '0')
return 1
