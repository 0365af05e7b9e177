-- Stands before every script, behind a line that says what Redis may run it for.
--
-- ARGV[1]  three numbers with commas between: the time in microseconds, for tests only and else left out, for in production Redis TIME is
--          the only clock; the latest time the caller has heard of, so that what they cause is later everywhere, even where a master
--          with a clock behind has taken over; how many partitions there are
--
-- Times are microseconds in Lua numbers, which hold them exactly; a timetoken is such a time with a 0 appended.

local TEST_TIME, HEARD, PARTITIONS = string.match(ARGV[1], '^(%d*),(%d+),(%d+)$')
HEARD, PARTITIONS = tonumber(HEARD), tonumber(PARTITIONS)

local function now()
  if TEST_TIME ~= '' then
    return tonumber(TEST_TIME)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local NOW = now()
local NOW_MILLIS = math.floor(NOW / 1000)

-- Writes a whole number with all its digits.
local function int(number)
  return string.format('%.0f', number)
end

-- The last time that the partition gave out, once it was asked for; and whether it is written down at the end only, by a script that gives
-- out many.
local given
local given_later = false
local partition

local function give(last, next)
  given = next
  if not given_later then
    redis.call('SET', last, int(next))
  end
  return next
end

local function last_given(last)
  return given or tonumber(redis.call('GET', last) or '0')
end

-- Returns a time greater than all that the partition has given out or the caller has heard of. Of each row of as many microseconds as
-- there are partitions, every partition uses its own: so no time is given out twice.
local function tick(last)
  local next = math.max(NOW, last_given(last) + 1, HEARD + 1)
  if PARTITIONS > 1 then
    partition = partition or tonumber(string.match(last, '{(%d+)}'))
    next = next + (partition - next) % PARTITIONS
  end
  return give(last, next)
end

-- Returns a time that is not smaller than any the partition has given out, and smaller than all it will.
local function fence(last, least)
  return give(last, math.max(NOW, last_given(last), HEARD, least))
end

-- Appends to a stream and tells those who follow it. What is older than twenty minutes is not kept.
local function post(stream, us, body, most)
  local timetoken = int(us) .. '0'
  redis.call('XADD', stream, 'MAXLEN', '=', most, timetoken .. '-0', 'm', body)
  if #body < 1024 and redis.call('XLEN', stream) == 1 then
    -- Redis gives a new stream 4 KB at once. A copy has what it needs, which for most channels is much less.
    local fresh = string.match(stream, '^.-{%d+}') .. 'fresh'
    redis.call('COPY', stream, fresh, 'REPLACE')
    redis.call('RENAME', fresh, stream)
  end
  redis.call('PEXPIRE', stream, 1200000)
  redis.call('SPUBLISH', stream, timetoken .. body)
end

-- Posts to the wildcards that somebody wants, KEYS[first] to KEYS[last], in pairs of the wish and the stream. To be done before the same is
-- posted to the channel itself: who hears it there knows that there is no more of that time.
local function post_wildcards(first, last, us, channel, body, most)
  for i = first, last, 2 do
    if redis.call('EXISTS', KEYS[i]) == 1 then
      post(KEYS[i + 1], us, #channel .. ':' .. channel .. body, most)
    end
  end
end
