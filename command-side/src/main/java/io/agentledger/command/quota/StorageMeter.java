package io.agentledger.command.quota;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaCommand.MeasureStorage;
import io.agentledger.api.quota.QuotaCommand.StorageAllowance;
import io.agentledger.api.quota.QuotaEvent.StorageClaimed;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.host.DiskUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Measures, now and then, what people's workspaces take up on this node's disk and their content in
 * the store, and tells the quota. Every node measures its own disk, so this is no job of the house.
 */
final class StorageMeter implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(StorageMeter.class);

  /** Content is counted where it is written down, not where it lies. */
  private static final String CONTENT = "content";

  private final NodeWorkspaces workspaces;
  private final JdbcClient sql;
  private final CommandGateway commands;
  private final MeterSettings meterSettings;

  /** What is more than nothing. */
  private final Map<Part, Long> told = new HashMap<>();

  private final Set<Whose> claims = ConcurrentHashMap.newKeySet();
  private volatile Optional<ScheduledExecutorService> clock = Optional.empty();

  /** Which disk, and how often. */
  record MeterSettings(String node, Duration pause) {}

  /** One person in one tenant. */
  record Whose(TenantId tenant, UserId user) {}

  /** What a person has on one node's disk, or in the content store. */
  private record Part(Whose whose, String where) {}

  StorageMeter(
      NodeWorkspaces workspaces,
      JdbcClient sql,
      CommandGateway commands,
      MeterSettings meterSettings) {
    this.workspaces = workspaces;
    this.sql = sql;
    this.commands = commands;
    this.meterSettings = meterSettings;
  }

  @Override
  public void start() {
    var one =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("storage-watch").daemon().factory());
    long pause = meterSettings.pause().toMillis();
    one.scheduleWithFixedDelay(this::measureSafely, pause, pause, TimeUnit.MILLISECONDS);
    clock = Optional.of(one);
  }

  private void measureSafely() {
    try {
      measure();
    } catch (IOException | RuntimeException e) {
      log.atWarn().setCause(e).log("storage could not be measured");
    }
  }

  /** What is claimed on this node is measured next time, even where nothing has changed. */
  void onEvent(EventMessage<?> message) {
    if (message.getPayload() instanceof StorageClaimed claimed)
      claims.add(new Whose(Provenance.of(message.getMetaData()).tenant(), claimed.userId()));
  }

  /** Tells what has changed, of what was told before and is nowhere now that it is nothing. */
  synchronized void measure() throws IOException {
    var found = new HashMap<Part, Long>();
    told.keySet().forEach(part -> found.put(part, 0L));
    claims.forEach(whose -> found.put(onDisk(whose), 0L));
    findWorkspaces(found);
    findContent(found);
    found.forEach(
        (part, bytes) -> {
          boolean changed = told.getOrDefault(part, 0L).longValue() != bytes;
          if (changed || part.equals(onDisk(part.whose())) && claims.contains(part.whose()))
            report(part, bytes);
        });
  }

  private Part onDisk(Whose whose) {
    return new Part(whose, meterSettings.node());
  }

  private void findWorkspaces(Map<Part, Long> found) throws IOException {
    var all = workspaces.all();
    var owners = owners(all.keySet());
    for (var workspace : all.entrySet()) {
      var owner = owners.get(workspace.getKey());
      if (owner != null) found.merge(onDisk(owner), bytes(workspace.getValue()), Long::sum);
    }
  }

  Map<SessionId, Whose> owners(Set<SessionId> sessions) {
    var owners = new HashMap<SessionId, Whose>();
    sql.sql("select session_id, tenant, owner from quota_session where session_id = any (?)")
        .param(sessions.stream().map(SessionId::value).toArray(String[]::new))
        .query(
            row -> {
              owners.put(new SessionId(row.getString("session_id")), whose(row));
            });
    return owners;
  }

  private void findContent(Map<Part, Long> found) {
    sql.sql(
            """
            select tenant, owner, sum(content_bytes) as bytes from quota_session
            group by tenant, owner having sum(content_bytes) > 0""")
        .query(
            row -> {
              found.put(new Part(whose(row), CONTENT), row.getLong("bytes"));
            });
  }

  private static Whose whose(ResultSet row) throws SQLException {
    return new Whose(new TenantId(row.getString("tenant")), new UserId(row.getString("owner")));
  }

  /** The quota is silent when it knows. What cannot be told is told next time. */
  private StorageAllowance report(Part part, long bytes) {
    var whose = part.whose();
    boolean claimed = claims.remove(whose); // What is claimed from now on waits for the next time.
    StorageAllowance storageAllowance;
    try {
      var quotaContext = QuotaContext.from(systemProvenance(whose.tenant()));
      storageAllowance =
          commands.sendAndWait(
              quotaContext.message(
                  new MeasureStorage(quotaContext.quota(), whose.user(), part.where(), bytes)));
    } catch (RuntimeException failed) {
      if (claimed) claims.add(whose);
      throw failed;
    }
    if (bytes == 0) told.remove(part);
    else told.put(part, bytes);
    return storageAllowance;
  }

  /** Tells what somebody's workspaces on this node hold now, and answers with the room there is. */
  synchronized StorageAllowance report(Whose whose, long bytes) {
    return report(onDisk(whose), bytes);
  }

  private static Provenance systemProvenance(TenantId tenant) {
    return new Provenance(
        tenant,
        Actor.SERVICE,
        new CredentialId(Ids.derived(CredentialId.PREFIX, "agentledger")),
        Ids.random("req"));
  }

  /** As far as it can be seen: a folder that lies too deep is told to operators. */
  static long bytes(Path workspace) throws IOException {
    try {
      return DiskUsage.bytes(workspace);
    } catch (DiskUsage.PathTooLongException hidden) {
      log.atWarn().addKeyValue("workspace", workspace).setCause(hidden).log("not seen whole");
      return 0;
    }
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
