-- Reads a stream whose news the caller already hears.
--
-- KEYS[1]  last
-- KEYS[2]  stream
-- KEYS[3]  the wish for a wildcard, where the stream is one
-- ARGV[2]  how long the wish lasts, milliseconds
--
-- Returns the time up to which the reading is complete, and the entries.

if KEYS[3] then
  redis.call('SET', KEYS[3], '1', 'PX', ARGV[2])
end
local us = fence(KEYS[1], 0)
local entries = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], int(math.max(0, NOW - 1200000000)) .. '0', '+')) do
  entries[#entries + 1] = string.sub(entry[1], 1, -3) .. entry[2][2]
end
return {int(us), entries}
