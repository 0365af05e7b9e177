-- Stands after common.lua and sizes.lua and before every script that changes who is in a channel.
--
-- Of the partition:
-- KEYS[1]   last        string  the last time the partition gave out
-- KEYS[2]   due         zset    key:channel -> not later than the first moment something is due there
-- KEYS[3]   unindexed   zset    key:channel,user -> when they came or went, until their own list of channels says so
-- KEYS[4]   intervals   zset    key:channel -> when its next interval event is due
-- KEYS[5]   grace       string  until when no lease ends, milliseconds
-- KEYS[6]   counts      hash    occupants, absentees, groups: how many there are
-- KEYS[7]   log         stream  all that happens to presence, clients told or not, while somebody reads it
-- KEYS[8]   log-wish    string  there while somebody does
-- KEYS[9]   gone        zset    key:channel,user -> when they went last, milliseconds, times 8, plus why
--
-- Of the channel:
-- KEYS[10]  order       zset    user -> when they joined, microseconds
-- KEYS[11]  leases      zset    user -> end of their lease, milliseconds since 2020, times 4096, plus their timeout in seconds
-- KEYS[12]  states      hash    user -> state, of occupants and absentees
-- KEYS[13]  absent      zset    absentee -> until when their state is kept, milliseconds
-- KEYS[14]  debounced   zset    user -> until when a subscribe does not join them, milliseconds
-- KEYS[15]  unheard     zset    user who joined by heartbeat a moment ago -> when, microseconds
-- KEYS[16]  leaving     hash    user whose connection is lost -> their timeout
-- KEYS[17]  events      stream  what the presence channel announced
-- KEYS[18]  active      set     channels with an occupant; of the keyset in the partition
-- KEYS[19]  interval    hash    next, changed, seq, over: there while the channel sends interval events
-- KEYS[20]  changes     zset    user -> order of the change times 4 plus 0 join, 1 leave, 2 timeout
-- KEYS[21…]             wildcards that cover the presence channel, see common.lua
--
-- ARGV[2]  key:channel
-- ARGV[3]  channel
-- ARGV[4]  announce-max
-- ARGV[5]  interval, milliseconds
-- ARGV[6]  1 if interval events list who came and went
-- ARGV[7]  what is announced: letters of j(oin), l(eave), t(imeout), s(tate-change), i(nterval)
-- ARGV[8]  debounce, milliseconds
-- ARGV[9]  presence timeout, seconds
-- ARGV[10] how many bytes of messages and states the keyset may keep, 0 for as many as there is room for
--
-- A script for several channels has other arguments, and the keys of each channel one after the other; it turns from one to the next.

local LAST, DUE, UNINDEXED, INTERVALS, GRACE, COUNTS, LOG, LOG_WISH, GONE = unpack(KEYS, 1, 9)
local ORDER, LEASES, STATES, ABSENT, DEBOUNCED, UNHEARD, LEAVING, EVENTS, ACTIVE, INTERVAL, CHANGES
local WILDCARDS, LAST_WILDCARD
local MEMBER, CHANNEL
local ANNOUNCE_MAX, PERIOD, DELTAS, ANNOUNCED, DEBOUNCE, TIMEOUT

-- Turns to a channel, whose keys are KEYS[first] to KEYS[last] and whose settings begin at ARGV[settings].
local function turn_to(member, channel, first, last, settings)
  MEMBER, CHANNEL = member, channel
  ORDER, LEASES, STATES, ABSENT, DEBOUNCED, UNHEARD, LEAVING, EVENTS, ACTIVE, INTERVAL, CHANGES = unpack(KEYS, first, first + 10)
  WILDCARDS, LAST_WILDCARD = first + 11, last
  ANNOUNCE_MAX, PERIOD, DELTAS = tonumber(ARGV[settings]), tonumber(ARGV[settings + 1]), ARGV[settings + 2] == '1'
  ANNOUNCED, DEBOUNCE, TIMEOUT = ARGV[settings + 3], tonumber(ARGV[settings + 4]), tonumber(ARGV[settings + 5])
  MOST_KEPT = 0
  if ARGV[settings + 6] ~= '0' then
    count_for(string.sub(LAST, 1, -5), string.sub(member, 1, #member - #channel - 1), tonumber(ARGV[settings + 6]))
  end
end

-- Where there is one channel only.
local FIRST_OF_CHANNEL, SETTINGS = 10, 4

local EPOCH = 1577836800000
-- Stands for the timeout of a lease whose end is a leave; no user can ask for so much.
local LOST = 4095
local MOST_EVENTS = 100
local MOST_CHANGES = 8192
local MOST_LISTED_BYTES = 30720
local MOST_LOGGED = math.max(500, math.ceil(10000 / PARTITIONS))
local LOGGED_MILLIS = 120000
local MOST_GONE = 1000
local GONE_MILLIS = 600000

-- What causes a join, and what a departure: the numbers that nodes have for them.
local BY_SUBSCRIBE, BY_HEARTBEAT = 1, 2
local EXPLICIT, TIMED_OUT, DISCONNECTED, KICKED, REVOKED, RULE_CHANGED, RESTARTED = 1, 2, 3, 4, 5, 6, 7

local function lease_score(deadline, timeout)
  return int((deadline - EPOCH) * 4096 + timeout)
end

local function lease_of(user)
  local score = redis.call('ZSCORE', LEASES, user)
  if not score then
    return nil
  end
  score = tonumber(score)
  return math.floor(score / 4096) + EPOCH, score % 4096
end

local function due_by(millis)
  redis.call('ZADD', DUE, 'LT', int(millis), MEMBER)
end

local function count_on(field, more)
  if more ~= 0 then
    redis.call('HINCRBY', COUNTS, field, more)
  end
end

-- Stores the state of somebody, false for none.
local function put_state(user, state)
  if MOST_KEPT > 0 then
    local before = redis.call('HGET', STATES, user)
    if redis.call('EXISTS', STATES) == 0 then
      add_size('state-sizes:', CHANNEL)
    end
    add_size('state-sizes:', CHANNEL, (state and #state + STATE or 0) - (before and #before + STATE or 0))
  end
  if state then
    redis.call('HSET', STATES, user, state)
  else
    redis.call('HDEL', STATES, user)
  end
end

-- Returns whether the keyset would keep more than it may with a state of somebody.
local function keeps_too_much(user, state)
  if MOST_KEPT == 0 or not state then
    return false
  end
  local before = redis.call('HGET', STATES, user)
  local more = #state + STATE - (before and #before + STATE or 0)
  return more > 0 and kept_bytes() + more > MOST_KEPT
end

-- Keeps the state of somebody who is not there.
local function remember(user)
  local millis = NOW_MILLIS + TIMEOUT * 1000
  count_on('absentees', redis.call('ZADD', ABSENT, int(millis), user))
  due_by(millis)
end

-- Takes somebody for no absentee any more, and returns whether they were one. Their state stays.
local function forget(user)
  local forgotten = redis.call('ZREM', ABSENT, user)
  count_on('absentees', -forgotten)
  return forgotten == 1
end

-- Begins or prolongs a lease. Rounded up: it never ends early.
local function lease(user, timeout)
  local deadline = math.ceil(NOW / 1000) + timeout * 1000
  redis.call('ZADD', LEASES, lease_score(deadline, timeout), user)
  due_by(deadline)
end

local function occupancy()
  return redis.call('ZCARD', ORDER)
end

-- Writes an event. Its cause is told by as many zeros before its time: nodes of versions that know of none read the same time.
local function body_of(kind, us, count, rest, cause)
  return kind .. ':' .. count .. ':' .. string.rep('0', cause or 0) .. int(math.floor(us / 1000)) .. ':' .. rest
end

local logs

-- Returns whether anybody reads the log.
local function is_logged()
  if logs == nil then
    logs = redis.call('EXISTS', LOG_WISH) == 1
  end
  return logs
end

-- Writes down an event for those who read all that happens.
local function record(us, body)
  if is_logged() then
    post(LOG, us, #MEMBER .. ':' .. MEMBER .. body, MOST_LOGGED)
    redis.call('PEXPIRE', LOG, LOGGED_MILLIS)
  end
end

local function announce(kind, us, count, rest, cause)
  local body = body_of(kind, us, count, rest, cause)
  record(us, body)
  if string.find(ANNOUNCED, kind, 1, true) then
    post_wildcards(WILDCARDS, LAST_WILDCARD, us, CHANNEL, body, MOST_EVENTS)
    post(EVENTS, us, body, MOST_EVENTS)
  end
end

local function of_user(user, state)
  return #user .. ':' .. user .. (state or '')
end

local function send_interval()
  local over = redis.call('HGET', INTERVAL, 'over') == '1'
  local parts = {}
  local bytes = 0
  local changes = redis.call('ZRANGE', CHANGES, 0, -1, 'WITHSCORES')
  for i = 1, #changes, 2 do
    parts[#parts + 1] = string.sub('jlt', changes[i + 1] % 4 + 1, changes[i + 1] % 4 + 1)
    parts[#parts + 1] = of_user(changes[i])
    bytes = bytes + #changes[i]
  end
  if bytes > MOST_LISTED_BYTES then
    over = true
  end
  redis.call('DEL', CHANGES)
  redis.call('HDEL', INTERVAL, 'changed', 'over')
  announce('i', tick(LAST), occupancy(), (over and '1:' or '0:' .. table.concat(parts)))
end

local function end_interval()
  if redis.call('HEXISTS', INTERVAL, 'changed') == 1 then
    send_interval()
  end
  redis.call('DEL', INTERVAL, CHANGES)
  redis.call('ZREM', INTERVALS, MEMBER)
end

-- To be called before the roster changes: what is pending is told with the occupancy it goes with.
local function before_change(occupancy_after)
  if occupancy_after <= ANNOUNCE_MAX and redis.call('EXISTS', INTERVAL) == 1 then
    end_interval()
  end
end

local function note(user, change)
  if redis.call('EXISTS', INTERVAL) == 0 then
    local next = NOW_MILLIS + PERIOD
    redis.call('HSET', INTERVAL, 'next', int(next))
    redis.call('ZADD', INTERVALS, int(next), MEMBER)
  end
  redis.call('HSET', INTERVAL, 'changed', '1')
  if not DELTAS or redis.call('HEXISTS', INTERVAL, 'over') == 1 then
    return
  end
  -- Whoever came and went within one interval has not changed.
  if redis.call('ZREM', CHANGES, user) == 0 then
    redis.call('ZADD', CHANGES, redis.call('HINCRBY', INTERVAL, 'seq', 1) * 4 + change, user)
  end
  if redis.call('ZCARD', CHANGES) > MOST_CHANGES then
    redis.call('HSET', INTERVAL, 'over', '1')
    redis.call('DEL', CHANGES)
  end
end

-- Returns what kind of event tells clients of a departure.
local function letter_of(cause)
  return (cause == TIMED_OUT or cause == RESTARTED) and 't' or 'l'
end

-- Keeps in mind, for whoever asks, that and why a user went.
local function remember_going(user, cause)
  redis.call('ZADD', GONE, int(NOW_MILLIS * 8 + cause), MEMBER .. ',' .. user)
  redis.call('ZREMRANGEBYRANK', GONE, 0, -MOST_GONE - 1)
  redis.call('PEXPIRE', GONE, GONE_MILLIS)
end

-- Takes an occupant out and announces it; returns the occupancy after it and when it was.
local function depart(user, cause)
  before_change(occupancy() - 1)
  local us = tick(LAST)
  redis.call('ZREM', ORDER, user)
  count_on('occupants', -1)
  redis.call('ZREM', LEASES, user)
  -- Most channels have none of these, and a command costs more than it looks.
  if redis.call('EXISTS', UNHEARD, STATES, LEAVING) > 0 then
    redis.call('ZREM', UNHEARD, user)
    put_state(user, false)
    redis.call('HDEL', LEAVING, user)
  end
  local count = occupancy()
  if count == 0 then
    redis.call('SREM', ACTIVE, CHANNEL)
  end
  redis.call('ZADD', UNINDEXED, int(us), MEMBER .. ',' .. user)
  remember_going(user, cause)
  local kind = letter_of(cause)
  if count <= ANNOUNCE_MAX then
    announce(kind, us, count, of_user(user), cause)
  else
    record(us, body_of(kind, us, count, of_user(user), cause))
    note(user, kind == 't' and 2 or 1)
  end
  return count, us
end

-- Gives an occupant another state, false for none; returns whether it was another.
local function change_state(user, state)
  local before = redis.call('HGET', STATES, user)
  if before == state then
    return false
  end
  put_state(user, state)
  announce('s', tick(LAST), occupancy(), of_user(user, state or '{}'))
  return true
end

-- Reads a state argument: nil where none is given, false where it is empty.
local function state_argument(text)
  if text == '' then
    return nil
  end
  return text ~= '{}' and text
end
