package io.agentledger.command.quota;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaCommand.MeasureStorage;
import io.agentledger.api.quota.QuotaCommand.StorageRoom;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.claude.WorkspaceQuota;
import io.agentledger.command.claude.WorkspaceRoot;
import io.agentledger.command.claude.box.TreeSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Measures, now and then, what people's workspaces take up on this node's disk and their content in
 * the store, and tells the quota. Every node measures its own disk, so this is no job of the house.
 * Who looks at one workspace more often asks here how much room it has.
 */
final class StorageWatch implements SmartLifecycle, WorkspaceQuota {
  private static final Logger log = LoggerFactory.getLogger(StorageWatch.class);

  /** Content is counted where it is written down, not where it lies. */
  private static final String CONTENT = "content";

  /** How long an answer of the quota's counts while little is added. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** Nobody is refused room by measures older than this. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private static final long LITTLE_BYTES = 8L << 20;
  private static final int MIB_SHIFT = 20;

  private final WorkspaceRoot workspaces;
  private final JdbcClient sql;
  private final CommandGateway commands;
  private final Place place;
  private final Map<Whose, Long> told = new HashMap<>();
  private final Map<SessionId, Measured> sizes = new HashMap<>();
  private final Map<Whose, Answer> answers = new HashMap<>();
  private long measuredAt = System.nanoTime();
  private volatile Optional<ScheduledExecutorService> clock = Optional.empty();

  /** A workspace's bytes as they were last seen, and whose it is. */
  private record Measured(Whose whose, long bytes) {}

  /** What the quota said of one person, and when. */
  private record Answer(StorageRoom room, long atNanos) {
    boolean isFresh() {
      return System.nanoTime() - atNanos < FRESH.toNanos();
    }
  }

  /** Which disk, and how often. */
  record Place(String node, Duration pause) {}

  /** One person in one tenant. */
  record Whose(TenantId tenant, UserId user) {}

  StorageWatch(WorkspaceRoot workspaces, JdbcClient sql, CommandGateway commands, Place place) {
    this.workspaces = workspaces;
    this.sql = sql;
    this.commands = commands;
    this.place = place;
  }

  @Override
  public void start() {
    var one =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("storage-watch").daemon().factory());
    long pause = place.pause().toMillis();
    one.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    clock = Optional.of(one);
  }

  private void look() {
    try {
      measure();
    } catch (IOException | RuntimeException e) {
      log.atWarn().setCause(e).log("storage could not be measured");
    }
  }

  /** Safe to call at any time. */
  synchronized void measure() throws IOException {
    sizes.keySet().retainAll(workspaces.all().keySet());
    for (var workspace : workspaces.all().entrySet()) {
      var owner = owner(workspace.getKey());
      if (owner.isPresent())
        sizes.put(
            workspace.getKey(),
            new Measured(owner.get(), bytes(workspace.getKey(), workspace.getValue())));
    }
    answers.clear();
    measuredAt = System.nanoTime();
    var found = new HashMap<Whose, Long>();
    told.keySet().forEach(whose -> found.put(whose, 0L));
    sizes.values().forEach(one -> found.merge(one.whose(), one.bytes(), Long::sum));
    found.forEach((whose, bytes) -> tell(whose, place.node(), bytes));
    told.clear();
    told.putAll(found);
    content().forEach((whose, bytes) -> tell(whose, CONTENT, bytes));
  }

  /** Of one that cannot be measured, what was seen last. */
  private long bytes(SessionId session, Path workspace) throws IOException {
    try {
      return TreeSize.bytes(workspace);
    } catch (TreeSize.TooDeep hidden) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(hidden)
          .log("a workspace is not seen whole");
      return Optional.ofNullable(sizes.get(session)).map(Measured::bytes).orElse(0L);
    }
  }

  @Override
  public synchronized Room room(SessionId session, long bytes) throws IOException {
    var known = Optional.ofNullable(sizes.get(session)).map(Measured::whose);
    var owner = known.or(() -> owner(session));
    if (owner.isEmpty()) return UNLIMITED;
    var whose = owner.get();
    if (!told.containsKey(whose)) measure(); // Its other workspaces count, too.
    told.putIfAbsent(whose, 0L);
    sizes.put(session, new Measured(whose, bytes));
    var room = room(whose, bytes);
    boolean stale = System.nanoTime() - measuredAt > AGAIN.toNanos();
    if (bytes <= room.storage() || !stale) return room;
    measure(); // What others of its workspaces held is no longer true, perhaps.
    sizes.put(session, new Measured(whose, bytes));
    return room(whose, bytes);
  }

  private Room room(Whose whose, long bytes) {
    long here =
        sizes.values().stream()
            .filter(one -> one.whose().equals(whose))
            .mapToLong(Measured::bytes)
            .sum();
    var room = answer(whose, here);
    long others = room.bytes() - told.getOrDefault(whose, 0L) + here - bytes;
    return new Room(room.workspaceMib() << MIB_SHIFT, (room.storageMib() << MIB_SHIFT) - others);
  }

  /** The quota is asked again when time has passed, or there is a good deal more. */
  private StorageRoom answer(Whose whose, long here) {
    var last = Optional.ofNullable(answers.get(whose)).filter(Answer::isFresh);
    boolean little = Math.abs(here - told.getOrDefault(whose, 0L)) < LITTLE_BYTES;
    if (little && last.isPresent()) return last.get().room();
    if (!little) told.put(whose, here);
    var room = tell(whose, place.node(), told.getOrDefault(whose, 0L));
    answers.put(whose, new Answer(room, System.nanoTime()));
    return room;
  }

  private Optional<Whose> owner(SessionId session) {
    return sql.sql("select tenant, owner from quota_session where session_id = ?")
        .param(session.value())
        .query((row, n) -> new Whose(new TenantId(row.getString(1)), new UserId(row.getString(2))))
        .optional();
  }

  private Map<Whose, Long> content() {
    var content = new HashMap<Whose, Long>();
    sql.sql(
            """
            select tenant, owner, sum(content_bytes) from quota_session
            group by tenant, owner having sum(content_bytes) > 0""")
        .query(
            row -> {
              var whose = new Whose(new TenantId(row.getString(1)), new UserId(row.getString(2)));
              content.put(whose, row.getLong(3));
            });
    return content;
  }

  /** The quota is silent when it knows. */
  private StorageRoom tell(Whose whose, String where, long bytes) {
    var by =
        new Provenance(
            whose.tenant(),
            Actor.SERVICE,
            new KeyId(Ids.derived(KeyId.PREFIX, "agentledger")),
            Ids.random("req"));
    var spender = Spender.of(by);
    return commands.sendAndWait(
        spender.message(new MeasureStorage(spender.quota(), whose.user(), where, bytes)));
  }

  @Override
  public void stop() {
    clock.ifPresent(ScheduledExecutorService::shutdownNow);
    clock = Optional.empty();
  }

  @Override
  public boolean isRunning() {
    return clock.isPresent();
  }
}
