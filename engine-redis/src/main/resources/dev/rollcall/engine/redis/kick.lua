-- Notes who is kicked, tells all nodes of it, and reads who is.
--
-- KEYS[1]  last
-- KEYS[2]  kicks          hash    name -> until when, milliseconds, a blank, and the rest of the entry; the topic of its changes too
-- KEYS[3]  kicks-version  string  when it was last changed, microseconds
-- KEYS[4]  kicks-changes  zset    name -> when it was last changed, of the latest changes; the empty name -> after when all of them are here
-- ARGV[2]  the version the caller knows, empty to be told all
-- ARGV[3]  name, empty to change nothing
-- ARGV[4]  the entry, empty to remove it
-- ARGV[5]  the most entries
--
-- Returns the version, or -1 where there is no room. Where it is another than the caller knows, then 1 if all entries follow, 0 if those that
-- have changed; and name and text of each in turn, with an empty text where it is removed.

-- How long the version outlives the last entry: longer than it takes every node to look.
local LOOK_MILLIS = 60000
local MOST_CHANGES = 1000

local function ends(entry)
  return tonumber(string.match(entry, '^%d+'))
end

local function changed_last()
  return redis.call('ZRANGE', KEYS[4], -1, -1, 'WITHSCORES')[2]
end

if ARGV[3] ~= '' then
  local entries = redis.call('HGETALL', KEYS[2])
  local count, latest = 0, NOW_MILLIS
  for i = 1, #entries, 2 do
    if ends(entries[i + 1]) <= NOW_MILLIS then
      redis.call('HDEL', KEYS[2], entries[i])
    elseif entries[i] ~= ARGV[3] then
      count = count + 1
      latest = math.max(latest, ends(entries[i + 1]))
    end
  end
  if ARGV[4] == '' then
    redis.call('HDEL', KEYS[2], ARGV[3])
  elseif count >= tonumber(ARGV[5]) then
    return {-1}
  else
    redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
    latest = math.max(latest, ends(ARGV[4]))
  end
  local before = redis.call('GET', KEYS[3]) or '0'
  if changed_last() ~= before then
    -- Changed by a node that does not write down changes, or not for a while.
    redis.call('DEL', KEYS[4])
    redis.call('ZADD', KEYS[4], before, '')
  end
  local version = int(tick(KEYS[1]))
  redis.call('ZADD', KEYS[4], version, ARGV[3])
  if redis.call('ZCARD', KEYS[4]) > MOST_CHANGES then
    local first = redis.call('ZPOPMIN', KEYS[4])
    if first[1] == '' then
      first = redis.call('ZPOPMIN', KEYS[4])
    end
    redis.call('ZADD', KEYS[4], first[2], '')
  end
  local millis = int(latest - NOW_MILLIS + LOOK_MILLIS)
  redis.call('SET', KEYS[3], version, 'PX', millis)
  redis.call('PEXPIRE', KEYS[2], millis)
  redis.call('PEXPIRE', KEYS[4], millis)
  redis.call('SPUBLISH', KEYS[2], version .. '0')
end
local version = redis.call('GET', KEYS[3]) or '0'
if version == ARGV[2] then
  return {version}
end
local since = redis.call('ZSCORE', KEYS[4], '')
if ARGV[2] ~= '' and since and changed_last() == version and tonumber(since) <= tonumber(ARGV[2])
  and tonumber(ARGV[2]) < tonumber(version) then
  local answer = {version, 0}
  for _, name in ipairs(redis.call('ZRANGE', KEYS[4], '(' .. ARGV[2], '+inf', 'BYSCORE')) do
    answer[#answer + 1] = name
    answer[#answer + 1] = redis.call('HGET', KEYS[2], name) or ''
  end
  return answer
end
local answer = redis.call('HGETALL', KEYS[2])
table.insert(answer, 1, version)
table.insert(answer, 2, 1)
return answer
