-- Notes who is kicked, tells all nodes of it, and reads who is.
--
-- KEYS[1]  last
-- KEYS[2]  kicks          hash    name -> until when, milliseconds, a blank, and the rest of the entry; the topic of its changes too
-- KEYS[3]  kicks-version  string  when it was last changed, microseconds
-- ARGV[2]  the version the caller knows, empty to be told all
-- ARGV[3]  name, empty to change nothing
-- ARGV[4]  the entry, empty to remove it
-- ARGV[5]  the most entries
--
-- Returns the version, or -1 where there is no room; and, where it is another than the caller knows, all entries: name and text, in turn.

-- How long the version outlives the last entry: longer than it takes every node to look.
local LOOK_MILLIS = 60000

local function ends(entry)
  return tonumber(string.match(entry, '^%d+'))
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
  local version = int(tick(KEYS[1]))
  local millis = int(latest - NOW_MILLIS + LOOK_MILLIS)
  redis.call('SET', KEYS[3], version, 'PX', millis)
  redis.call('PEXPIRE', KEYS[2], millis)
  redis.call('SPUBLISH', KEYS[2], version .. '0')
end
local version = redis.call('GET', KEYS[3]) or '0'
if version == ARGV[2] then
  return {version}
end
local answer = redis.call('HGETALL', KEYS[2])
table.insert(answer, 1, version)
return answer
