package io.agentledger.command.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ArchiveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ChangeMcpServer;
import io.agentledger.api.mcp.McpServerCommand.CheckMcpServer;
import io.agentledger.api.mcp.McpServerCommand.DisableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.EnableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpCheck;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpCheckFailure;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerApproved;
import io.agentledger.api.mcp.McpServerEvent.McpServerArchived;
import io.agentledger.api.mcp.McpServerEvent.McpServerAttached;
import io.agentledger.api.mcp.McpServerEvent.McpServerChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerSnapshot;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.McpRejection;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;

class McpServerTest {
  private static final McpServerId ID = new McpServerId("mcp_2222222222");
  private static final UserId ADA = new UserId("usr_2222222222");
  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final Map<String, Object> OWN_TENANT =
      Map.of(
          Provenance.TENANT,
          TENANT.value(),
          Provenance.ACTOR,
          "user:usr_2222222222",
          Provenance.CREDENTIAL,
          "key_2222222222",
          Provenance.REQUEST,
          "req_test");
  private static final Map<String, Object> OTHER_TENANT =
      Map.of(Provenance.TENANT, "tnt_3333333333");
  private static final McpConnection HTTP =
      new McpConnection.Http("https://mcp.example.com/", Map.of());
  private static final McpConnection OTHER_CONNECTION =
      new McpConnection.Http("https://mcp.example.net/", Map.of());
  private static final McpServerRegistered REGISTERED =
      new McpServerRegistered(ID, ADA, "tools", HTTP);

  private final List<McpServerId> checks = new ArrayList<>();
  private final FixtureConfiguration<McpServer> server =
      ConfigurationFixture.of(McpServer.class)
          .registerInjectableResource((McpServerCheckScheduler) (id, provenance) -> checks.add(id));

  private static McpServerSnapshot snapshotOf(String digest) {
    return new McpServerSnapshot(digest, "a server", "", List.of(), List.of());
  }

  private static McpServerChecked recordCheck(String digest) {
    return new McpServerChecked(ID, snapshotOf(digest));
  }

  private TestExecutor<McpServer> given(McpServerEvent... events) {
    return server.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(OWN_TENANT))
            .toList());
  }

  @Test
  void registrationSchedulesACheckImmediately() {
    server
        .givenNoPriorActivity()
        .when(new RegisterMcpServer(ID, ADA, "tools", HTTP, null), OWN_TENANT)
        .expectEvents(REGISTERED)
        .expectResultMessagePayload(ID);
    assertThat(checks).containsExactly(ID);
  }

  @Test
  void serverOfASessionIsApprovedByItsFirstCheck() {
    var session = new SessionId("ses_2222222222");
    server
        .givenNoPriorActivity()
        .when(
            new RegisterMcpServer(ID, ADA, "tools", HTTP, McpLimits.NONE, session, null),
            OWN_TENANT)
        .expectEvents(REGISTERED, new McpServerAttached(ID, session));
    assertThat(checks).isEmpty();
    given(REGISTERED, new McpServerAttached(ID, session))
        .when(new RecordMcpCheck(ID, 1, snapshotOf("a")), OWN_TENANT)
        .expectEvents(recordCheck("a"), new McpServerApproved(ID, "a"));
  }

  @Test
  void adminApprovesTheFoundDigest() {
    given(REGISTERED, recordCheck("a"))
        .when(new ApproveMcpServer(ID, "a"), OWN_TENANT)
        .expectEvents(new McpServerApproved(ID, "a"));
  }

  @Test
  void rejectsApprovalOfAnotherDigest() {
    given(REGISTERED, recordCheck("a"), recordCheck("b"))
        .when(new ApproveMcpServer(ID, "a"), OWN_TENANT)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new McpRejection.McpSnapshotMismatch(ID.value()))
        .expectNoEvents();
  }

  @Test
  void rejectsApprovalBeforeTheFirstCheck() {
    given(REGISTERED)
        .when(new ApproveMcpServer(ID, ""), OWN_TENANT)
        .expectException(RejectionException.class)
        .expectNoEvents();
  }

  @Test
  void changedServerIsSuspended() {
    given(REGISTERED, recordCheck("a"), new McpServerApproved(ID, "a"))
        .when(new RecordMcpCheck(ID, 1, snapshotOf("b")), OWN_TENANT)
        .expectEvents(recordCheck("b"), new McpServerSuspended(ID, "b"));
  }

  @Test
  void suspendedServerStaysSuspendedWhenItChangesBack() {
    given(
            REGISTERED,
            recordCheck("a"),
            new McpServerApproved(ID, "a"),
            recordCheck("b"),
            new McpServerSuspended(ID, "b"))
        .when(new RecordMcpCheck(ID, 1, snapshotOf("a")), OWN_TENANT)
        .expectEvents(recordCheck("a"));
  }

  @Test
  void newApprovalEndsTheSuspension() {
    given(
            REGISTERED,
            recordCheck("a"),
            new McpServerApproved(ID, "a"),
            recordCheck("b"),
            new McpServerSuspended(ID, "b"))
        .when(new ApproveMcpServer(ID, "b"), OWN_TENANT)
        .expectEvents(new McpServerApproved(ID, "b"));
  }

  @Test
  void anUnchangedSnapshotRecordsNothing() {
    given(REGISTERED, recordCheck("a"))
        .when(new RecordMcpCheck(ID, 1, snapshotOf("a")), OWN_TENANT)
        .expectNoEvents();
  }

  @Test
  void recoveredServerIsRecorded() {
    given(REGISTERED, recordCheck("a"), new McpServerCheckFailed(ID, "away"))
        .when(new RecordMcpCheck(ID, 1, snapshotOf("a")), OWN_TENANT)
        .expectEvents(recordCheck("a"));
  }

  @Test
  void repeatedFailureIsRecordedOnce() {
    given(REGISTERED, new McpServerCheckFailed(ID, "away"))
        .when(new RecordMcpCheckFailure(ID, 1, "away"), OWN_TENANT)
        .expectNoEvents();
  }

  @Test
  void failureThatDiffersOnlyInNumbersIsRecordedOnce() {
    given(REGISTERED, new McpServerCheckFailed(ID, "it ended: [12:00:01] no key"))
        .when(new RecordMcpCheckFailure(ID, 1, "it ended: [12:15:02] no key"), OWN_TENANT)
        .expectNoEvents();
  }

  @Test
  void aSnapshotOfAnEarlierConnectionIsIgnored() {
    given(REGISTERED, new McpServerChanged(ID, "tools", OTHER_CONNECTION))
        .when(new RecordMcpCheck(ID, 1, snapshotOf("a")), OWN_TENANT)
        .expectNoEvents();
  }

  @Test
  void changedConnectionRequiresANewApproval() {
    given(
            REGISTERED,
            recordCheck("a"),
            new McpServerApproved(ID, "a"),
            new McpServerChanged(ID, "tools", OTHER_CONNECTION))
        .when(new ApproveMcpServer(ID, "a"), OWN_TENANT)
        .expectException(RejectionException.class)
        .expectNoEvents();
  }

  @Test
  void unchangedConnectionRecordsNothing() {
    given(REGISTERED).when(new ChangeMcpServer(ID, "tools", HTTP), OWN_TENANT).expectNoEvents();
    assertThat(checks).isEmpty();
  }

  @Test
  void enablingAndDisablingAreIdempotent() {
    given(REGISTERED)
        .when(new DisableMcpServer(ID), OWN_TENANT)
        .expectEvents(new McpServerDisabled(ID));
    given(REGISTERED, new McpServerDisabled(ID))
        .when(new EnableMcpServer(ID), OWN_TENANT)
        .expectEvents(new McpServerEnabled(ID));
    given(REGISTERED).when(new EnableMcpServer(ID), OWN_TENANT).expectNoEvents();
  }

  @Test
  void archivedServerIsNotChecked() {
    given(REGISTERED, new McpServerArchived(ID))
        .when(new CheckMcpServer(ID), OWN_TENANT)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Rejection.Archived("mcp_server", ID.value()))
        .expectNoEvents();
    given(REGISTERED, new McpServerArchived(ID))
        .when(new ArchiveMcpServer(ID), OWN_TENANT)
        .expectNoEvents();
  }

  @Test
  void serverOfAnotherTenantIsNotFound() {
    given(REGISTERED)
        .when(new DisableMcpServer(ID), OTHER_TENANT)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new Rejection.NotFound("mcp_server", ID.value()))
        .expectNoEvents();
  }
}
