-- Keeps entries of a map that all nodes have a copy of, tells of it, and forgets entries whose end is long past.
--
-- KEYS[1]  last
-- KEYS[2]  kept          hash  name -> text; the topic on which changes are told too
-- KEYS[3]  kept-changes  zset  name -> when it was last changed; also of names whose text was removed of late
-- KEYS[4]  kept-ends     zset  name -> second from which on it is worth nothing
-- KEYS[5]  kept-marks    hash  latest: the last change; floor: the last removal that is forgotten
-- ARGV[2]  how many seconds after its end an entry is forgotten, for the clocks of nodes may be behind
-- ARGV[3]  how many seconds a removal is remembered
-- ARGV[4…] for each entry its name, its end or inf, and its text, empty to remove it
--
-- Returns for each entry when it was changed.

local second = math.floor(NOW / 1000000)
local past = int(second - tonumber(ARGV[2]))
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', past, 'LIMIT', 0, 1000)) do
  if redis.call('HDEL', KEYS[2], name) == 0 then
    -- Who has not read this removal yet would never hear of it.
    local removed = tonumber(redis.call('ZSCORE', KEYS[3], name) or '0')
    if removed > tonumber(redis.call('HGET', KEYS[5], 'floor') or '0') then
      redis.call('HSET', KEYS[5], 'floor', int(removed))
    end
  end
  redis.call('ZREM', KEYS[3], name)
  redis.call('ZREM', KEYS[4], name)
end

local times = {}
for i = 4, #ARGV, 3 do
  local name, ends, text = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local time = int(tick(KEYS[1]))
  if text == '' then
    redis.call('HDEL', KEYS[2], name)
    ends = int(second + tonumber(ARGV[3]))
  else
    redis.call('HSET', KEYS[2], name, text)
  end
  redis.call('ZADD', KEYS[3], time, name)
  redis.call('ZADD', KEYS[4], ends, name)
  times[#times + 1] = time
end
if #times > 0 then
  redis.call('HSET', KEYS[5], 'latest', times[#times])
  redis.call('SPUBLISH', KEYS[2], times[#times])
end

local longest = redis.call('ZRANGE', KEYS[4], -1, -1, 'WITHSCORES')[2]
for i = 2, 5 do
  if longest == 'inf' then
    redis.call('PERSIST', KEYS[i])
  elseif longest then
    redis.call('EXPIREAT', KEYS[i], int(tonumber(longest) + tonumber(ARGV[2])))
  end
end
return times
