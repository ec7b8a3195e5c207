package io.agentledger.command.quota;

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
  private final Map<StorageLocation, Long> reported = new HashMap<>();

  private final Set<StorageOwner> claims = ConcurrentHashMap.newKeySet();
  private volatile Optional<ScheduledExecutorService> scheduler = Optional.empty();

  /** Node and interval of the measurement. */
  record MeterSettings(String node, Duration interval) {}

  /** One person in one tenant. */
  record StorageOwner(TenantId tenant, UserId user) {}

  /** Storage of an owner on one node's disk or in the content store. */
  private record StorageLocation(StorageOwner owner, String location) {}

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
    var executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("storage-meter").daemon().factory());
    long pause = meterSettings.interval().toMillis();
    executor.scheduleWithFixedDelay(this::measureSafely, pause, pause, TimeUnit.MILLISECONDS);
    scheduler = Optional.of(executor);
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
      claims.add(new StorageOwner(Provenance.of(message.getMetaData()).tenant(), claimed.userId()));
  }

  /** Tells what has changed, of what was told before and is nowhere now that it is nothing. */
  synchronized void measure() throws IOException {
    var bytesByLocation = new HashMap<StorageLocation, Long>();
    reported.keySet().forEach(storageLocation -> bytesByLocation.put(storageLocation, 0L));
    claims.forEach(owner -> bytesByLocation.put(workspaceLocation(owner), 0L));
    addWorkspaces(bytesByLocation);
    addContent(bytesByLocation);
    bytesByLocation.forEach(
        (storageLocation, bytes) -> {
          boolean changed = reported.getOrDefault(storageLocation, 0L).longValue() != bytes;
          if (changed
              || storageLocation.equals(workspaceLocation(storageLocation.owner()))
                  && claims.contains(storageLocation.owner())) report(storageLocation, bytes);
        });
  }

  private StorageLocation workspaceLocation(StorageOwner owner) {
    return new StorageLocation(owner, meterSettings.node());
  }

  private void addWorkspaces(Map<StorageLocation, Long> bytesByLocation) throws IOException {
    var pathsBySession = workspaces.listAll();
    var owners = findOwners(pathsBySession.keySet());
    for (var workspace : pathsBySession.entrySet()) {
      var owner = owners.get(workspace.getKey());
      if (owner != null)
        bytesByLocation.merge(workspaceLocation(owner), bytes(workspace.getValue()), Long::sum);
    }
  }

  Map<SessionId, StorageOwner> findOwners(Set<SessionId> sessions) {
    var owners = new HashMap<SessionId, StorageOwner>();
    sql.sql("select session_id, tenant, owner from quota_session where session_id = any (?)")
        .param(sessions.stream().map(SessionId::value).toArray(String[]::new))
        .query(
            row -> {
              owners.put(new SessionId(row.getString("session_id")), toOwner(row));
            });
    return owners;
  }

  private void addContent(Map<StorageLocation, Long> bytesByLocation) {
    sql.sql(
            """
            select tenant, owner, sum(content_bytes) as bytes from quota_session
            group by tenant, owner having sum(content_bytes) > 0""")
        .query(
            row -> {
              bytesByLocation.put(new StorageLocation(toOwner(row), CONTENT), row.getLong("bytes"));
            });
  }

  private static StorageOwner toOwner(ResultSet row) throws SQLException {
    return new StorageOwner(
        new TenantId(row.getString("tenant")), new UserId(row.getString("owner")));
  }

  /** The quota is silent when it knows. What cannot be told is told next time. */
  private StorageAllowance report(StorageLocation storageLocation, long bytes) {
    var owner = storageLocation.owner();
    boolean claimed = claims.remove(owner); // What is claimed from now on waits for the next time.
    StorageAllowance storageAllowance;
    try {
      var quotaContext = QuotaContext.from(systemProvenance(owner.tenant()));
      storageAllowance =
          commands.sendAndWait(
              quotaContext.toCommandMessage(
                  new MeasureStorage(
                      quotaContext.quota(), owner.user(), storageLocation.location(), bytes)));
    } catch (RuntimeException e) {
      if (claimed) claims.add(owner);
      throw e;
    }
    if (bytes == 0) reported.remove(storageLocation);
    else reported.put(storageLocation, bytes);
    return storageAllowance;
  }

  /** Tells what somebody's workspaces on this node hold now, and answers with the room there is. */
  synchronized StorageAllowance report(StorageOwner owner, long bytes) {
    return report(workspaceLocation(owner), bytes);
  }

  private static Provenance systemProvenance(TenantId tenant) {
    return Provenance.ofSystem(tenant, Ids.random("req"));
  }

  /** As far as it can be seen: a folder that lies too deep is told to operators. */
  static long bytes(Path workspace) throws IOException {
    try {
      return DiskUsage.bytes(workspace);
    } catch (DiskUsage.PathTooLongException e) {
      log.atWarn().addKeyValue("workspace", workspace).setCause(e).log("not seen whole");
      return 0;
    }
  }

  @Override
  public void stop() {
    scheduler.ifPresent(ScheduledExecutorService::shutdownNow);
    scheduler = Optional.empty();
  }

  @Override
  public boolean isRunning() {
    return scheduler.isPresent();
  }
}
