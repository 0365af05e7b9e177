-- Reads a part of a stream whose news the caller already hears.
--
-- KEYS[1]  last
-- KEYS[2]  stream
-- KEYS[3]  the wish that the stream be written, where there is one
-- KEYS[4]  wildcards  zset  where the stream is that of one: wildcard -> when it was last asked for, milliseconds; of the keyset in the
--                           partition
-- ARGV[2]  how long the wish lasts, milliseconds
-- ARGV[3]  after which time to begin, microseconds
-- ARGV[4]  how many bytes are enough
-- ARGV[5]  the wildcard
-- ARGV[6]  how long a wildcard counts after it was last asked for, milliseconds
-- ARGV[7]  the most wildcards of a keyset
--
-- Returns the time up to which the reading is complete, the entries, and 1 if there are more, which begin after the last of these. Where
-- there may be no wildcard more, -1 in place of the 1.

if KEYS[4] then
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', int(NOW_MILLIS - tonumber(ARGV[6])))
  if not redis.call('ZSCORE', KEYS[4], ARGV[5]) and redis.call('EXISTS', KEYS[3]) == 0
    and redis.call('ZCARD', KEYS[4]) >= tonumber(ARGV[7]) then
    return {'0', {}, -1}
  end
  redis.call('ZADD', KEYS[4], int(NOW_MILLIS), ARGV[5])
  redis.call('PEXPIRE', KEYS[4], ARGV[6])
end
if KEYS[3] then
  redis.call('SET', KEYS[3], '1', 'PX', ARGV[2])
end
local us = fence(KEYS[1], 0)
local start = '(' .. int(math.max(0, NOW - 1200000000, tonumber(ARGV[3]))) .. '0'
local enough = tonumber(ARGV[4])
local entries = {}
local bytes = 0
local more
repeat
  local page = redis.call('XRANGE', KEYS[2], start, '+', 'COUNT', 10)
  for _, entry in ipairs(page) do
    entries[#entries + 1] = string.sub(entry[1], 1, -3) .. entry[2][2]
    bytes = bytes + #entry[2][2]
    start = '(' .. entry[1]
  end
  more = #page == 10
until not more or bytes >= enough
return {int(us), entries, more and 1 or 0}
