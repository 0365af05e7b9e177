-- Changes a channel group.
--
-- KEYS[1]   last
-- KEYS[2]   group   zset  channel -> when it was added
-- KEYS[3]   groups  set   names of the groups of the keyset
-- KEYS[4]   counts  hash  see channel.lua
-- ARGV[2]   add, remove or delete
-- ARGV[3]   group
-- ARGV[4]   the most channels
-- ARGV[5]   the most groups
-- ARGV[6…]  channels
--
-- Returns how many channels the group would have, negative, if those are too many; 2 if there may be no group more; else 1 if it
-- changed, 0 if not.

local changed = false
if ARGV[2] == 'add' then
  local fresh = {}
  for i = 6, #ARGV do
    if not fresh[ARGV[i]] and not redis.call('ZSCORE', KEYS[2], ARGV[i]) then
      fresh[ARGV[i]] = true
      fresh[#fresh + 1] = ARGV[i]
    end
  end
  local grown = redis.call('ZCARD', KEYS[2]) + #fresh
  if grown > tonumber(ARGV[4]) then
    return -grown
  end
  if grown == #fresh and #fresh > 0 and redis.call('SCARD', KEYS[3]) >= tonumber(ARGV[5]) then
    return 2
  end
  for _, channel in ipairs(fresh) do
    redis.call('ZADD', KEYS[2], int(tick(KEYS[1])), channel)
    changed = true
  end
elseif ARGV[2] == 'remove' then
  for i = 6, #ARGV do
    changed = redis.call('ZREM', KEYS[2], ARGV[i]) == 1 or changed
  end
else
  changed = redis.call('DEL', KEYS[2]) == 1
end
if not changed then
  return 0
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('HINCRBY', KEYS[4], 'groups', redis.call('SADD', KEYS[3], ARGV[3]))
else
  redis.call('HINCRBY', KEYS[4], 'groups', -redis.call('SREM', KEYS[3], ARGV[3]))
end
redis.call('SPUBLISH', KEYS[2], int(fence(KEYS[1], 0)) .. '0')
return 1
