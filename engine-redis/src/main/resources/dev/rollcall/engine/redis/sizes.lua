-- Stands before every script that stores messages or states: counts what a keyset keeps of them in a partition, where it may not keep as much
-- as there is room for. A script says of which keyset before it counts. The keys are in the partition of those it was called with.
--
-- message-sizes:KEY  hash  messages:KEY:CHANNEL or wildcard:KEY:WILDCARD -> bytes; the empty name -> all of them; until all are forgotten
-- message-times:KEY  zset  the same names -> when the last message came, milliseconds
-- state-sizes:KEY    hash  channel -> bytes of the states there; the empty name -> all of them
--
-- A count may be wrong for a while where nodes of a version that does not count store or forget something; it costs nothing else.

-- What a message and a state take beside their text.
local MESSAGE, STATE = 50, 40
local KEPT_MILLIS = 1200000
-- What a partition may keep at least, where its part of the whole is less.
local LEAST_KEPT = 1048576

local SIZES_PREFIX, SIZED_KEY
-- How many bytes of it this partition may keep, 0 for as many as there is room for.
local MOST_KEPT = 0

-- Says how many bytes a keyset may keep in all partitions.
local function count_for(prefix, key, most)
  SIZES_PREFIX, SIZED_KEY = prefix, key
  MOST_KEPT = math.max(math.floor(most / PARTITIONS), math.min(most, LEAST_KEPT))
end

local function size_in(kind, name)
  return tonumber(redis.call('HGET', SIZES_PREFIX .. kind .. SIZED_KEY, name) or '0')
end

-- Adds to what is counted of a name; with no bytes it is counted from nothing.
local function add_size(kind, name, bytes)
  local hash = SIZES_PREFIX .. kind .. SIZED_KEY
  local before, all = size_in(kind, name), size_in(kind, '')
  local after = bytes and math.max(0, before + bytes) or 0
  all = math.max(0, all + after - before)
  for field, size in pairs({ [name] = after, [''] = all }) do
    if size > 0 then
      redis.call('HSET', hash, field, int(size))
    else
      redis.call('HDEL', hash, field)
    end
  end
end

local function kept_bytes()
  return size_in('message-sizes:', '') + size_in('state-sizes:', '')
end
