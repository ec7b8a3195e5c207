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
 * Periodically measures the size of users' workspaces on this node's disk and of their content in
 * the content store, and reports it to the quota. Every node measures its own disk, so it is not a
 * cluster-wide job.
 */
final class StorageMeter implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(StorageMeter.class);

  /** Location name of the content store. */
  private static final String CONTENT = "content";

  private final NodeWorkspaces workspaces;
  private final JdbcClient sql;
  private final CommandGateway commands;
  private final MeterSettings meterSettings;

  /** Last reported sizes that are not zero. */
  private final Map<StorageLocation, Long> reported = new HashMap<>();

  private final Set<StorageOwner> claims = ConcurrentHashMap.newKeySet();
  private volatile Optional<ScheduledExecutorService> scheduler = Optional.empty();

  /** Node and interval of the measurement. */
  record MeterSettings(String node, Duration interval) {}

  /** User in a tenant. */
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
      log.atWarn().setCause(e).log("could not measure storage");
    }
  }

  /**
   * Marks storage that was claimed on this node, so that the next measurement reports it even if it
   * is unchanged.
   */
  void onEvent(EventMessage<?> message) {
    if (message.getPayload() instanceof StorageClaimed claimed)
      claims.add(new StorageOwner(Provenance.of(message.getMetaData()).tenant(), claimed.userId()));
  }

  /** Reports changed sizes, and zero for storage that was reported before and no longer exists. */
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

  /**
   * Reports a size; the quota records nothing if it is unchanged. A failed report is repeated by
   * the next measurement.
   */
  private StorageAllowance report(StorageLocation storageLocation, long bytes) {
    var owner = storageLocation.owner();
    boolean claimed = claims.remove(owner); // Later claims are reported by the next measurement.
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

  /** Reports the current size of a user's workspaces on this node and returns their allowance. */
  synchronized StorageAllowance report(StorageOwner owner, long bytes) {
    return report(workspaceLocation(owner), bytes);
  }

  private static Provenance systemProvenance(TenantId tenant) {
    return Provenance.ofSystem(tenant, Ids.random("req"));
  }

  /**
   * Returns the size of a workspace. Directories that are nested too deeply to be read are not
   * counted, but logged.
   */
  static long bytes(Path workspace) throws IOException {
    try {
      return DiskUsage.bytes(workspace);
    } catch (DiskUsage.PathTooLongException e) {
      log.atWarn()
          .addKeyValue("workspace", workspace)
          .setCause(e)
          .log("could not measure all of a workspace");
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
