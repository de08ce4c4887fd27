/** Every bound of the service, with its reason. Bytes, milliseconds and counts as the name says. */
export const limits = {
  /** The usual OWASP ceiling for one WebSocket message; a typed character is about 30 bytes. */
  frameBytesMax: 64 * 1024,
  /** The first answer of a client that was away may carry hours of its own writing. */
  syncReplyBytesMax: 2 * 1024 * 1024,
  /** One section's whole document as it stands, not all that was ever written in it; a long plan's longest section is under 200 KB. */
  sectionBytesMax: 4 * 1024 * 1024,
  /** Structs in one update: a pasted page makes a few hundred. */
  structsPerUpdateMax: 2_000,
  /** What somebody wrote in a working day without a network, most of it merged into runs. */
  structsPerSyncReplyMax: 20_000,
  /** Letters written and taken away again before they were ever sent, in one run: a day without a network, a page pasted every few seconds. */
  holeLengthMax: 16 * 1024 * 1024,
  /** Runs of deletions that change something, in one update: somebody clears a field that many hands wrote in many sittings. */
  deletionsPerUpdateMax: 2_000,
  /** The same for whoever was away for a day. */
  deletionsPerSyncReplyMax: 20_000,
  /**
   * Runs of deletions that a client may repeat: every reconnecting client sends all that was ever deleted in the section, others' deletions
   * too. Ten long sections' worth; it costs a few milliseconds to see that they change nothing.
   */
  deletionsRepeatedMax: 50_000,
  /** Client ids under which one update brings something new: one for each time its author opened the section since it was last sent. */
  clientsPerUpdateMax: 50,
  /** Client ids that an update may name, its repeated deletions included: all who ever wrote in a section, one for each time they opened it. */
  clientsNamedMax: 20_000,
  /** Entries of a state vector, beyond the client ids that the section itself has: far more than ever wrote in one section. */
  stateVectorEntriesMax: 2_000,
  /** Pieces that one update puts beside the same neighbour, each against what somebody else wrote there meanwhile. */
  neighboursMax: 100,
  /** Look-ups that the library may need to put one piece in its place: about ten, and a few for each that somebody else put there meanwhile. */
  lookupsPerPartMax: 20,
  /** The same for an update as a whole: two who wrote in the same gap for an hour. */
  lookupsMax: 20_000,
  /** Steps from new pieces to the neighbours they name, all pieces of an update together: each takes one or two unless many wrote in the same gap. */
  neighbourStepsMax: 200_000,
  /** Clocks of one client id: far beyond what anybody types; keeps sums of clocks exact. */
  clockMax: 2 ** 31,
  /** Letters of a key: a row id has at most 64, a field's name with its prefix fewer. */
  keyLengthMax: 100,
  /** Nesting of a value: the deepest that the content standard has is a row with a person in it, which is two. */
  jsonDepthMax: 8,
  /** Members and elements of one value, all levels together: a row of a dozen columns with lists of answers has under a hundred. */
  jsonPartsMax: 1_000,
  /** Paragraphs and list items in one field: more than fit in its letters unless most are empty. */
  proseBlocksMax: 2_000,
  /** Contradicting values of one field: more than everybody at the largest meeting. */
  disputedValuesMax: 100,
  /** Nested lists in prose: deeper ones cannot be read on a ward screen. */
  listDepthMax: 8,
  /** Frames a second from one connection, each message of a frame counted as one: far more than somebody can type; above it the socket is not read for a moment, which slows only its owner. */
  framesPerSecondMax: 2_000,
  /** Messages in one frame: stock clients send one; a client that answers several sections' questions at once sends a handful. */
  messagesPerFrameMax: 32,
  /** Frames at once: a client that comes back to every section after a day away. */
  framesBurstMax: 3_000,
  /** Bytes a second from one connection, and read for its questions: a pasted page every few milliseconds. */
  bytesPerSecondMax: 1024 * 1024,
  /** Bytes at once: the largest sync reply, twice; of a long plan, every section asked about by whoever was away. */
  bytesBurstMax: 4 * 1024 * 1024,
  /** How long a socket that said too much is not read at a time; shorter than the silence that counts as gone. */
  pauseMsMax: 2_000,
  /**
   * Frames for each section that a connection may send before it is known whose it is: a client that opens every section at once sends a
   * question, a presence, a question for others' presence and a barrier for each; and as much again.
   */
  earlyFramesPerSectionMax: 8,
  /** All of them together: two of the largest sync replies, though nobody is asked for one so early; others' memory must not pay for strangers. */
  earlyBytesMax: 4 * 1024 * 1024,
  /** How long a connection that was turned away may take to answer the close before it is cut off; a round trip over a poor line. */
  closeAnswerMs: 1_000,
  /** Client ids of one person that a section's node remembers before anything was written under them: a page that is loaded anew many times a day. */
  clientIdsSeenMax: 64,
  /** Sections of which a node remembers in whose browsers client ids were seen; those of a thousand plans. */
  sectionsSeenMax: 30_000,
  /** Awareness state of one person: a section, a field and a cursor. */
  awarenessBytesMax: 4 * 1024,
  /** The client shows someone as gone after 30 s of silence; frames must come oftener. */
  keepAliveIntervalMs: 10_000,
  /** A meeting's socket that has not answered pings for this long is dropped; a plan's when a second ping is due. */
  socketSilenceMs: 30_000,
  /** A person who crashed disappears from presence within 35 s. */
  presenceExpiryMs: 30_000,
  /** What may wait in one socket before nothing more is put into it: a second of a busy meeting over a poor line. */
  socketBufferedBytesMax: 256 * 1024,
  /** What may be held for a slow reader before they are asked to come back; coming back costs less than this. */
  socketHeldBytesMax: 4 * 1024 * 1024,
  /** How long storage may be silent before everybody is sent away to another node: nobody knows any more who may see what. */
  storageSilenceMs: 8_000,
  /** How long a reader may stay slow: after that the picture on their screen is of the past. */
  slowReaderMs: 30_000,
  /** People come back to the plan they just left; a room that nobody wants stays in memory this long, and a document that nobody writes in. */
  idleMs: 60_000,
  /** What is sent to whoever opens a section is kept for the next who does: a meeting comes in within a few seconds. */
  answersKeptMs: 5_000,
  /** Documents in memory, as bytes of their updates; in memory each takes about ten times as much. */
  documentsBytesMax: 64 * 1024 * 1024,
  /** Rows after which a section is copied: reading them takes a few milliseconds. */
  rowsPerCheckpoint: 500,
  /** A section that leaves memory is copied when it has at least so many rows that no copy holds. */
  rowsPerCheckpointAtRest: 50,
  /** A longer section is copied less often, so that copying costs each row the same: one more row for so many bytes. */
  bytesPerCheckpointRow: 200,
  /** Items that wait for one plan's next commit before its writers are told to slow down: several times what a full meeting sends between two. */
  waitingBeforeSlowDown: 200,
  /** Saved barriers that one connection may have waiting of a section with no change between them: a program that asks and asks; a browser waits for each answer. */
  barriersTogetherMax: 256,
  /** A writer is told to slow down at most so often. */
  slowDownEveryMs: 1_000,
  /** Live connections of one person to one node: every section of two plans with a stock client, and a few tabs. */
  connectionsPerPersonMax: 100,
  /** JSON bodies: the largest is a new patient or a sign-off statement. */
  bodyBytesMax: 64 * 1024,
  /** Header lines of one request: a browser sends about twenty, proxies add ten. */
  headersMax: 100,
  /** All header lines of a request together: the longest are the cookie and the address. */
  headerBytesMax: 16 * 1024,
  /** How long a caller may take to say its headers, an upgrade's too: ten times what a poor line needs. */
  headersMs: 10_000,
  /** The same for a whole request with its body. */
  requestMs: 30_000,
  /** How often the service looks for callers that take too long. */
  slowCallersEveryMs: 1_000,
  /** Pieces of one WebSocket message: browsers send one, proxies may cut the largest sync reply into a few hundred. */
  fragmentsMax: 1_024,
  /** How long a meeting's socket may be open before it says what it wants; a round trip over a poor line. */
  meetingSilenceMs: 5_000,
  /** Packets of any kind, pings included, from one meeting's socket in ten seconds: an order of magnitude above the orders that are carried out. */
  meetingPacketsPerTenSeconds: 1_000,
  /** Calls and handshakes with a cookie that is nobody's, from one address in a minute: a hospital whose sign-ins all ran out at once. */
  strangersPerMinuteMax: 600,
  /** Cookies that let somebody in lately, kept so that strangers at the same address do not shut them out: every screen of a large hospital. */
  guestsKeptMax: 20_000,
  /** Plans, or people looked up by urgent care, that one person opens in ten minutes before it is written down: a long meeting's agenda, and as many beside it. */
  plansOpenedNoted: 100,
  /** The same before it is refused: a different plan every two seconds for ten minutes is reading out, not reading. */
  plansOpenedMax: 300,
  /** In a demonstration, where every patient is invented, programs try out what a service can bear. */
  plansOpenedInDemoMax: 3_000,
  plansOpenedWithinMs: 10 * 60 * 1000,
  /** Marks on one letter, one after the other; the Unicode Standard calls text with at most 30 stream-safe (UAX #15, section 13). */
  marksOnOneLetterMax: 30,
  pageSize: 50,
  /** Short text is a line; clinical content is never cut, it is refused with the limit named. */
  textLengthMax: 2_000,
  proseLengthMax: 20_000,
  rowsMax: 200,
  /** A working day and a night shift; then sign in again. */
  sessionAbsoluteMs: 12 * 60 * 60 * 1000,
  /** Nobody did anything for this long: the device may have been left on a ward, so the screen locks. NHS smartcard guidance asks for 15 to 30 minutes. */
  sessionIdleMs: 15 * 60 * 1000,
  /** How long before a session ends its person is told: enough to finish a sentence and sign in again. */
  sessionWarningMs: 5 * 60 * 1000,
  /** That somebody is active is written down at most so often: no write for each key pressed. */
  sessionActivityEveryMs: 60 * 1000,
  /** Sessions that one person has at a time: a desk, a phone, a tablet and a few that were forgotten. The one longest unused makes room. */
  sessionsPerPersonMax: 10,
  /** The same in the demonstration, where everybody who tries it is one of the same invented people. */
  demoSessionsPerPersonMax: 1_000,
  /** A signature wants somebody who proved within this time who they are. */
  sessionFreshMs: 5 * 60 * 1000,
  /** How far the clocks of the provider and of this service may lie apart. */
  clockSkewMs: 30 * 1000,
  /** From pressing "sign in" to having chosen a role: finding the smartcard and a forgotten password included. */
  signInMs: 15 * 60 * 1000,
  /** Sign-ins begun from one address in that time: a hospital behind one address at the change of shift. */
  signInsPerAddressMax: 600,
  /** Failed attempts for one person after which each next one has to wait, and after which there are none for a while. */
  failuresOfPersonBeforeDelay: 3,
  failuresOfPersonMax: 10,
  /** The same for one address, which may be that of a whole hospital. */
  failuresOfAddressBeforeDelay: 50,
  failuresOfAddressMax: 300,
  /** The first wait after a failed attempt; doubled with each further one up to the next. */
  failureDelayMs: 1_000,
  failureDelayMsMax: 60_000,
  /** How long there are no attempts then, and how long failures count. */
  failureLockMs: 15 * 60 * 1000,
  /** How long the provider is waited for. */
  providerAnswerMs: 8_000,
  /** A logout token is obeyed for this long after it was made. */
  logoutTokenMs: 5 * 60 * 1000,
  /** A logout token, with room for a long signature. */
  logoutTokenLengthMax: 8_000,
  /** An ID token that is kept for signing out; a longer one is left out and the provider asks the person. */
  idTokenLengthMax: 8_000,
  /** An address to come back to after signing in. */
  backLengthMax: 1_000,
  /** Access taken in an emergency: long enough for a visit or a call, short enough that whoever needs more asks the team. */
  breakGlassMs: 60 * 60 * 1000,
  /** A privacy officer looks at each emergency access within three days, which covers a weekend. */
  breakGlassReviewMs: 72 * 60 * 60 * 1000,
  /** Somebody who looks for a person by number and date of birth mistypes a few times; nobody needs this often in an hour what guessing needs. */
  breakGlassLookupsPerHour: 20,
  /** Why somebody breaks the glass, in letters: a sentence, not a word. */
  breakGlassNoteLengthMin: 20,
  breakGlassNoteLengthMax: 1_000,
  /** After an MDT meeting those who were invited see to what was agreed; the next meeting is a week later. */
  meetingFollowUpMs: 7 * 24 * 60 * 60 * 1000,
  /** A meeting that nobody ended is over by the next day. */
  meetingLongestMs: 24 * 60 * 60 * 1000,
  /** An inspection of one plan: some working weeks; longer ones are opened again, on purpose. */
  inspectionDaysMax: 90,
  /** A plan taken offline can be read for a working day and the way home; then others will have changed it. */
  offlineCopyMs: 12 * 60 * 60 * 1000,
  /** Words that were never sent stay sealed on the device over a weekend and a few days off; only their writer's sign-in opens them. */
  offlineWordsKeptMs: 7 * 24 * 60 * 60 * 1000,
  /** Plans one person holds offline at one time: more than anybody visits in a day. */
  offlineCopiesMax: 12,
  /** Plans whose sections are read in one journey: enough that a hundred teams who return at once cost few journeys, few enough that nobody waits long for the others'. */
  plansReadTogetherMax: 16,
  /** How long a node finishes what is in hand after being asked to stop. */
  drainMs: 10_000,
  /** A plain query hangs for ever when Postgres is frozen; give up and say so. */
  queryTimeoutMs: 5_000,
  lockTimeoutMs: 2_000,
  databaseConnectionsMax: 12,
  /** Stay open while nobody asks: when everybody returns at once, making a connection costs more than what is asked over it. Two nodes keep 16 of a server's usual 100. */
  databaseConnectionsKept: 8,
  /** Redis carries hints; nobody waits longer for one. */
  redisWaitMs: 200,
  /** How long a start waits for Redis before it goes on without. */
  redisStartMs: 1_000,
  /** Requests of one person, or one address without a person, in a minute: far above any screen, far below a flood. */
  requestsPerMinuteMax: 3_000,
  /** A repeated call finds its first answer for a day. */
  idempotencyKeptMs: 24 * 60 * 60 * 1000,
  /** A call that claimed its key and never answered died with its node; after this another may take it over. */
  idempotencyClaimMs: 60_000,
  idempotencyKeyLengthMax: 200,
  /** How late a lost hint shows in a meeting at worst; the room must follow the chair within two seconds. */
  meetingPollMs: 1_500,
  /** How often a node asks for everybody connected, in one question, who they are by now: so long may somebody read whose session ended or whose role changed without a hint. Under the second in which a right that ends is to be felt. */
  sessionCheckMs: 800,
  /** A chair who clicks through the agenda makes two or three a second for a moment. */
  meetingEventsPerTenSeconds: 100,
  meetingEventsWaitingMax: 20,
  /** A pause in somebody's writing after which the history of prose begins a new entry: long enough to think, short enough to say when. */
  writingPauseMs: 5 * 60 * 1000,
  /** However steadily somebody writes, one entry covers no more than this. */
  writingStretchMs: 60 * 60 * 1000,
  /** Entries of history in one answer: each may show a page of prose. */
  historyPageSize: 20,
  /** Unchanged text kept on either side of a change in the history of prose, in letters: enough to find the place. */
  historyContextLength: 120,
  /** Positions of a plan's log that are read at once for its history: a few megabytes, and other work gets its turn in between. */
  historyReadPositions: 2_000,
  /** Rows of these that are taken in one go: a few milliseconds, in which nobody who is writing waits. */
  historyRowsAtOnce: 200,
  /** Histories that may wait for the one being put together; everyone at the largest meeting looking at one. */
  historyWaitingMax: 50,
  /** Positions back from now in which changes are marked as new: half a year of a busy plan. Older ones are in the history. */
  newSincePositionsMax: 20_000,
  /** A plan that was in sight for this long, all of it together, was looked at: less is a slip of the finger. */
  lookedAfterMs: 5_000,
  /** Chains of each organisation for what concerns no single plan: few enough to walk, many enough that readers do not queue behind one row. */
  accessShards: 16,
  /** How long an entry that nobody waits for may lie in memory; what a node that dies may lose of them. */
  accessBufferMs: 250,
  /** Entries written in one transaction: a few milliseconds. */
  accessBatchMax: 500,
  /** Entries that may wait while storage is away: a busy quarter of an hour of one node, a few megabytes. */
  accessWaitingMax: 10_000,
  /** How soon a node tries again to write what waits for the access chains. */
  accessAgainMs: 1_000,
  /** A list that a screen fetches again by itself is one looking, as an opening of a plan is. */
  sameListMs: 10 * 60 * 1000,
  /** How often the audit log is sealed: a version is to be sealed and witnessed within half a minute. */
  sealEveryMs: 10_000,
  /** So many new entries are sealed sooner: what one busy node writes in a few seconds. */
  sealAtEntries: 1_000,
  /** How often a node looks whether so many have come; asking costs nothing. */
  sealLookMs: 1_000,
  /** Entries in one sealing: well within the time that a statement may take. */
  sealBatchMax: 5_000,
  /** An entry without a leaf that is older than this was kept from being sealed: sealing is a matter of seconds. */
  sealOverdueMs: 10 * 60 * 1000,
  /** How long another house may take to co-sign a checkpoint. */
  witnessWaitMs: 5_000,
  /** Bytes of another house's answer: one signature line is about 200. */
  witnessAnswerBytesMax: 16 * 1024,
  /** Hashes in a consistency proof: two for each doubling of the largest log. */
  proofHashesMax: 128,
  /** Letters of a checkpoint with its signatures. */
  checkpointLengthMax: 8_000,
  /** How often what was sealed since is walked again. */
  walkEveryMs: 60 * 1000,
  /** Readings of one plan that are told at once to whoever asks who has looked: years of most plans, and a page that still prints. */
  lookedEntriesMax: 5_000,
  /** Entries of the audit log that are looked through for unusual access: a busy day of a large house. */
  overseenEntriesMax: 20_000,
  /** Plans that one person opens within an hour before the privacy officer is told: a ward round is fewer. */
  plansAnHourUsual: 20,
  /** Entries of a trail in one export as FHIR. */
  exportEntriesMax: 5_000,
  /** Breaks of one walk that are written down in words; all are counted. */
  breaksToldMax: 20,
} as const;
export type LimitName = keyof typeof limits;
