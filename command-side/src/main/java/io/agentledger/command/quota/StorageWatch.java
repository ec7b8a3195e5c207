package io.agentledger.command.quota;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaCommand.MeasureStorage;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.claude.WorkspaceRoot;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Measures, now and then, what people's workspaces take up on this node's disk and their content in
 * the store, and tells the quota. Every node measures its own disk, so this is no job of the house.
 */
final class StorageWatch implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(StorageWatch.class);

  /** Content is counted where it is written down, not where it lies. */
  private static final String CONTENT = "content";

  private final WorkspaceRoot workspaces;
  private final JdbcClient sql;
  private final CommandGateway commands;
  private final Place place;
  private final Map<Whose, Long> told = new HashMap<>();
  private volatile Optional<ScheduledExecutorService> clock = Optional.empty();

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
    var found = new HashMap<Whose, Long>();
    told.keySet().forEach(whose -> found.put(whose, 0L));
    for (var workspace : workspaces.all().entrySet()) {
      var owner = owner(workspace.getKey());
      if (owner.isPresent()) found.merge(owner.get(), bytes(workspace.getValue()), Long::sum);
    }
    found.forEach((whose, bytes) -> tell(whose, place.node(), bytes));
    told.clear();
    told.putAll(found);
    content().forEach((whose, bytes) -> tell(whose, CONTENT, bytes));
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
  private void tell(Whose whose, String where, long bytes) {
    var by =
        new Provenance(
            whose.tenant(),
            Actor.SERVICE,
            new KeyId(Ids.derived(KeyId.PREFIX, "agentledger")),
            Ids.random("req"));
    var spender = Spender.of(by);
    commands.sendAndWait(
        spender.message(new MeasureStorage(spender.quota(), whose.user(), where, bytes)));
  }

  /** Of all files below; links count as nothing and lead nowhere, what vanishes meanwhile, too. */
  static long bytes(Path workspace) throws IOException {
    var sum = new AtomicLong();
    Files.walkFileTree(
        workspace,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
            if (found.isRegularFile()) sum.addAndGet(found.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sum.get();
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
