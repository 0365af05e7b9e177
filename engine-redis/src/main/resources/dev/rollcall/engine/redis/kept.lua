-- Reads what was changed in a map that all nodes have a copy of, the oldest change first.
--
-- KEYS[1]  kept          see keep.lua
-- KEYS[2]  kept-changes
-- KEYS[3]  kept-marks
-- ARGV[2]  the last change the caller has read, 0 to read everything
-- ARGV[3]  the most entries
-- ARGV[4]  1 if the caller reads everything
--
-- Returns 1 if the caller has to read everything, for they missed removals that are forgotten or know what was lost, else 0; what time it
-- is, milliseconds; and, for 0, for each entry its name, when it was changed, and its text, empty if it was removed.

local since = tonumber(ARGV[2])
local latest = tonumber(redis.call('HGET', KEYS[3], 'latest') or '0')
local floor = tonumber(redis.call('HGET', KEYS[3], 'floor') or '0')
if ARGV[4] ~= '1' and (since > latest or since < floor) then
  return {1, NOW_MILLIS}
end
local rows = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[3]))
local answer = {0, NOW_MILLIS}
for i = 1, #rows, 2 do
  answer[#answer + 1] = rows[i]
  answer[#answer + 1] = int(tonumber(rows[i + 1]))
  answer[#answer + 1] = redis.call('HGET', KEYS[1], rows[i]) or ''
end
return answer
