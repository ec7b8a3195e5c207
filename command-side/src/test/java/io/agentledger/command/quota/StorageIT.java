package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.QuotaCommand.ChangeUserLimits;
import io.agentledger.api.quota.QuotaCommand.MeasureStorage;
import io.agentledger.api.quota.QuotaEvent.StorageMeasured;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionCommand.TakeCheckpoint;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointContent;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.PathChanges;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.store.NodeHome;
import io.agentledger.store.StatementRecorder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.CommandBus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** Storage of users' workspaces and content, and the users to whom it is reported. */
class StorageIT extends CommandTestSupport {
  private static final String CONTENT = "content";
  private static final long MIB = 1024L * 1024;

  @Autowired private StorageMeter storageMeter;
  @Autowired private SessionOwnerLookup owners;
  @TempDir private Path disk;

  @Autowired private CommandBus commandBus;
  @Autowired private NodeHome home;

  private List<StorageMeasured> measured(Caller caller) {
    return store
        .readEvents(QuotaId.of(caller.tenant()).value(), 0)
        .asStream()
        .map(message -> (Object) message.getPayload())
        .filter(StorageMeasured.class::isInstance)
        .map(StorageMeasured.class::cast)
        .filter(event -> event.userId().equals(caller.user()))
        .toList();
  }

  private long content(Caller caller) {
    return measured(caller).stream()
        .filter(event -> event.node().equals(CONTENT))
        .mapToLong(StorageMeasured::bytes)
        .reduce(0, (earlier, latest) -> latest);
  }

  /** Returns the measurements that the monitor reports of the user in one check. */
  private List<MeasureStorage> reportedMeasurements(Caller caller) throws IOException {
    var reported = new CopyOnWriteArrayList<MeasureStorage>();
    try (var listening =
        commandBus.registerDispatchInterceptor(
            all ->
                (n, message) -> {
                  if (message.getPayload() instanceof MeasureStorage output
                      && output.userId().equals(caller.user())) reported.add(output);
                  return message;
                })) {
      storageMeter.measure();
    }
    return reported;
  }

  private SessionId large(Caller caller) {
    var session = openSession(caller);
    send(new SubmitInputs(session, List.of(prompt("x".repeat(60_000))), null), caller);
    return session;
  }

  private void awaitContent(Caller caller, long atLeast, long below) {
    await()
        .untilAsserted(
            () -> {
              storageMeter.measure();
              assertThat(content(caller)).isGreaterThanOrEqualTo(atLeast).isLessThan(below);
            });
  }

  @Test
  void workspaceOverTheLimitIsRejectedWhenTheSessionOpens() {
    var ada = newCaller();
    var big = open(ada, new Workspace.Copied(1, 1025 * MIB));
    assertThatThrownBy(() -> send(big, ada))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new StorageFull("workspace_mib", 1024)));
    assertThat(eventsOf(big.sessionId())).isEmpty();
  }

  @Test
  void workspaceMayUseWhatTheOwnersOtherWorkspacesLeave() throws Exception {
    var ada = newCaller();
    var sessionId = openSession(ada);
    var otherSession = openSession(ada);
    var somebodyElses = openSession(newCaller());
    claim(sessionId, 100 * MIB);
    claim(otherSession, 0);
    claim(somebodyElses, 500 * MIB);
    var cachedWorkspaceQuota = newCache();
    assertThat(cachedWorkspaceQuota.headroom(otherSession, 0))
        .isEqualTo(new WorkspaceQuota.Headroom(1024 * MIB, (10_240 - 100) * MIB, 100 * MIB));
    cachedWorkspaceQuota.headroom(sessionId, 300 * MIB); // A check reports the storage.
    assertThat(cachedWorkspaceQuota.headroom(otherSession, 5 * MIB))
        .isEqualTo(new WorkspaceQuota.Headroom(1024 * MIB, (10_240 - 300) * MIB, 300 * MIB));
    assertThat(cachedWorkspaceQuota.headroom(SessionId.next(), 0))
        .isEqualTo(WorkspaceQuota.UNLIMITED);
  }

  @Test
  void workspaceThatDidNotGrowAsAnnouncedLeavesTheSpace() throws Exception {
    var ada = newCaller();
    var sessionId = openSession(ada);
    var cachedWorkspaceQuota = newCache();
    cachedWorkspaceQuota.headroom(sessionId, 9_907 * MIB); // An upload that is refused then.
    var next = open(ada, new Workspace.Copied(1, 338 * MIB));
    assertThatThrownBy(() -> send(next, ada)).isInstanceOf(RejectionException.class);
    cachedWorkspaceQuota.report(sessionId, 9_901 * MIB);
    send(next, ada);
    assertThat(eventsOf(next.sessionId())).isNotEmpty();
  }

  @Test
  void limitsApplyAsSoonAsASessionIsOpen() throws Exception {
    var opened = openSession(newCaller());
    assertThat(newCache().headroom(opened, 0).workspace()).isEqualTo(1024 * MIB);
  }

  @Test
  void freedSpaceIsAvailable() throws Exception {
    var ada = newCaller();
    var sessionId = openSession(ada);
    var otherSession = openSession(ada);
    claim(sessionId, 10_000 * MIB);
    claim(otherSession, 0);
    var cachedWorkspaceQuota = newCache();
    assertThat(cachedWorkspaceQuota.headroom(otherSession, 0).storage()).isEqualTo(240 * MIB);
    claim(sessionId, 0);
    await()
        .untilAsserted(
            () ->
                assertThat(cachedWorkspaceQuota.headroom(otherSession, 241 * MIB).storage())
                    .isEqualTo(10_240 * MIB));
  }

  /** A projection that lags does not know the session yet. */
  @Test
  void workspacesWithoutAProjectedOwnerStillCount() throws Exception {
    var ada = newCaller();
    var sessionId = openSession(ada);
    var otherSession = openSession(ada);
    claim(sessionId, 10_000 * MIB);
    claim(otherSession, 0);
    var cachedWorkspaceQuota = newCache();
    assertThat(cachedWorkspaceQuota.headroom(otherSession, 0).storage()).isEqualTo(240 * MIB);
    sql.sql("delete from quota_session where session_id = ?").param(sessionId.value()).update();
    await()
        .during(Duration.ofMillis(1500)) // Sizes that are older than a second are measured again.
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(cachedWorkspaceQuota.headroom(otherSession, 241 * MIB).storage())
                    .isEqualTo(240 * MIB));
  }

  @Test
  void raisedLimitsApply() throws Exception {
    var ada = newCaller();
    var sessionId = openSession(ada);
    claim(sessionId, 0);
    var cachedWorkspaceQuota = newCache();
    assertThat(cachedWorkspaceQuota.headroom(sessionId, 1025 * MIB).workspace())
        .isEqualTo(1024 * MIB);
    var more = new UserLimits(10, 10, 10_240, 2048, 100, 1000, MonthlyBudget.UNLIMITED);
    var admin = Caller.ofUser(ada.tenant(), UserId.next(), CredentialId.next(), Role.ADMIN);
    send(new ChangeUserLimits(QuotaId.of(ada.tenant()), ada.user(), more, 0, null), admin);
    await()
        .atMost(Duration.ofSeconds(4))
        .untilAsserted(
            () ->
                assertThat(cachedWorkspaceQuota.headroom(sessionId, 1025 * MIB).workspace())
                    .isEqualTo(2048 * MIB));
  }

  /** Creates a sparse workspace of that length; its owner is recorded by then. */
  private void claim(SessionId session, long bytes) throws IOException {
    await().until(() -> storageMeter.findOwners(Set.of(session)).containsKey(session));
    var path = Files.createDirectories(disk.resolve(session.value())).resolve("held");
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
    }
  }

  private CachedWorkspaceQuota newCache() {
    return new CachedWorkspaceQuota(
        new NodeWorkspaces() {
          @Override
          public Path resolve(SessionId session) {
            return disk.resolve(session.value());
          }

          @Override
          public Map<SessionId, Path> listAll() throws IOException {
            try (var folders = Files.list(disk)) {
              return folders.collect(
                  Collectors.toMap(
                      folder -> new SessionId(folder.getFileName().toString()), folder -> folder));
            }
          }

          @Override
          public void chown(SessionId session) {}

          @Override
          public void delete(SessionId session) {}
        },
        storageMeter,
        owners);
  }

  @Test
  void storedContentIsCountedForItsOwner() {
    var ada = newCaller();
    large(ada);
    awaitContent(ada, 60_000, MIB);
  }

  @Test
  void checkpointCountsAgainstTheStorageOfItsOwner() {
    var ada = newCaller();
    var checkpoint = new CheckpointContent("reference", "", 1, 70_000, 60_000);
    send(
        new TakeCheckpoint(
            openSession(ada),
            CheckpointId.next(),
            1,
            0,
            new Moment.Opening(),
            checkpoint,
            PathChanges.UNKNOWN),
        ada);
    awaitContent(ada, 60_000, 70_000);
  }

  @Test
  void unchangedUsageIsNotReportedAgain() {
    var ada = newCaller();
    large(ada);
    awaitContent(ada, 60_000, MIB);
    await().untilAsserted(() -> assertThat(reportedMeasurements(ada)).isEmpty());
    assertThat(content(ada)).isGreaterThan(60_000);
    assertThat(StatementRecorder.relaxedTables())
        .as("written without waiting for the disk")
        .containsExactlyInAnyOrder("quota_session", "token");
  }

  @Test
  void transferredSessionCountsForItsNewOwnerOnly() {
    var ada = newCaller();
    var bob = Caller.ofUser(ada.tenant(), UserId.next(), CredentialId.next(), Role.MEMBER);
    sql.sql("insert into identity_user (user_id, tenant, role, disabled) values (?, ?, ?, false)")
        .params(bob.user().value(), bob.tenant().value(), bob.role().name())
        .update();
    var session = large(ada);
    awaitContent(ada, 60_000, MIB);
    send(new TransferSession(session, bob.user()), ada);
    awaitContent(bob, 60_000, MIB);
    awaitContent(ada, 0, 1);
    await().untilAsserted(() -> assertThat(reportedMeasurements(ada)).isEmpty());
  }

  @Test
  void claimedSpaceIsMeasuredEvenIfUnchanged() throws Exception {
    var ada = newCaller();
    send(open(ada, new Workspace.Copied(1, MIB)), ada);
    var onDisk = new MeasureStorage(QuotaId.of(ada.tenant()), ada.user(), home.node(), 0);
    assertThat(reportedMeasurements(ada)).contains(onDisk);
    assertThat(measured(ada))
        .contains(new StorageMeasured(onDisk.quotaId(), ada.user(), home.node(), 0));
    assertThat(reportedMeasurements(ada)).doesNotContain(onDisk);
  }
}
