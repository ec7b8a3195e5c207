package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.store.StoreTestSupport;
import java.time.Duration;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Claims of the event processors of two nodes. */
class NodeTokenStoreIT extends StoreTestSupport {
  @Autowired ConnectionProvider connections;
  @Autowired TransactionManager transactionManager;
  @Autowired Configuration axon;

  @BeforeEach
  void claimTokens() {
    sql.update("delete from token where processorname like 'claims-%'");
    var nodeA = tokenStore("node-a");
    claim(nodeA, "claims-1");
    claim(nodeA, "claims-2");
    claim(nodeA, "claims-3");
    claim(tokenStore("node-b"), "claims-4");
  }

  @Test
  void oneTransactionExtendsAllClaimsOfTheNode() {
    var nodeA = tokenStore("node-a");
    for (String processor : new String[] {"claims-1", "claims-2", "claims-3"})
      inTransaction(() -> nodeA.extendClaim(processor, 0));

    assertThat(
            sql.queryForList(
                "select count(*) from token where owner = 'node-a' group by xmin::text, timestamp",
                Integer.class))
        .containsExactly(3);
  }

  @Test
  void claimThatAnotherNodeHasTakenIsNotExtended() {
    sql.update("update token set owner = 'node-b' where processorname = 'claims-2'");

    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.extendClaim("claims-1", 0));
    assertThatThrownBy(() -> inTransaction(() -> nodeA.extendClaim("claims-2", 0)))
        .isInstanceOf(UnableToClaimTokenException.class);
  }

  @Test
  void claimThatAnotherNodeHadIsNotExtended() {
    var nodeA = tokenStore("node-a");
    sql.update("update token set owner = null where processorname = 'claims-2'");
    assertThatThrownBy(() -> inTransaction(() -> nodeA.extendClaim("claims-2", 0)))
        .isInstanceOf(UnableToClaimTokenException.class);
  }

  @Test
  void expiredClaimsOfOtherNodesAreAvailable() {
    claim(tokenStore("node-b"), "claims-5");
    sql.update(
        "update token set timestamp = '2026-01-01T00:00:00Z' where processorname = 'claims-5'");

    var nodeA = tokenStore("node-a");
    assertThat(nodeA.fetchAvailableSegments("claims-1")).hasSize(1);
    assertThat(nodeA.fetchAvailableSegments("claims-4")).isEmpty();
    assertThat(nodeA.fetchAvailableSegments("claims-5")).hasSize(1);
  }

  @Test
  void tokenThatWasInitializedAMomentAgoIsAvailable() {
    var nodeA = tokenStore("node-a");
    assertThat(nodeA.fetchAvailableSegments("claims-1")).hasSize(1);

    inTransaction(() -> nodeA.initializeTokenSegments("claims-6", 1));
    assertThat(nodeA.fetchAvailableSegments("claims-6")).hasSize(1);
  }

  @Test
  void positionWithoutAHandledEventIsStoredOnceAMinute() {
    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(2), "claims-1", 0));
    assertThat(positionOf("claims-1")).isEqualTo(1);

    var unit = DefaultUnitOfWork.startAndGet(null); // Of handled events.
    unit.attachTransaction(transactionManager);
    unit.onPrepareCommit(u -> nodeA.storeToken(new GlobalSequenceTrackingToken(3), "claims-1", 0));
    unit.commit();
    assertThat(positionOf("claims-1")).isEqualTo(3);
  }

  @Test
  void endOfAReplayIsStoredAtOnce() {
    var nodeA = tokenStore("node-a");
    var replay =
        ReplayToken.createReplayToken(
            new GlobalSequenceTrackingToken(5), new GlobalSequenceTrackingToken(0));
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(5), "claims-1", 0));
    inTransaction(() -> nodeA.storeToken(replay, "claims-1", 0));
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(6), "claims-1", 0));
    assertThat(positionOf("claims-1")).isEqualTo(6);
  }

  @Test
  void positionIsNotStoredOnceAnotherNodeHasTheClaim() {
    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    sql.update("update token set owner = 'node-b' where processorname = 'claims-1'");
    assertThatThrownBy(
            () ->
                inTransaction(
                    () -> nodeA.storeToken(new GlobalSequenceTrackingToken(2), "claims-1", 0)))
        .isInstanceOf(UnableToClaimTokenException.class);
  }

  @Test
  void positionIsStoredOnceTheTokenIsClaimedAgain() {
    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    inTransaction(() -> nodeA.fetchToken("claims-1", Segment.ROOT_SEGMENT)); // As Axon claims it.
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(2), "claims-1", 0));
    assertThat(positionOf("claims-1")).isEqualTo(2);
  }

  @Test
  void positionThatWasNotStoredIsStoredWithTheRelease() {
    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(2), "claims-1", 0));
    inTransaction(() -> nodeA.releaseClaim("claims-1", 0));
    assertThat(positionOf("claims-1")).isEqualTo(2);
  }

  @Test
  void positionThatWasNotStoredIsStoredWithALaterExtension() {
    var interval = Duration.ofSeconds(2);
    var nodeA = new NodeTokenStore(connections, axon.serializer(), "node-a", interval);
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(2), "claims-1", 0));
    await()
        .untilAsserted(
            () -> {
              inTransaction(() -> nodeA.extendClaim("claims-1", 0)); // Axon takes 2 for stored.
              assertThat(positionOf("claims-1")).isEqualTo(2);
            });
  }

  @Test
  void positionThatWasNotStoredIsNoneOfAClaimThatAnotherNodeHad() {
    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(2), "claims-1", 0));
    sql.update("update token set owner = 'node-b' where processorname = 'claims-1'");
    var nodeB = tokenStore("node-b");
    inTransaction(() -> nodeB.storeToken(new GlobalSequenceTrackingToken(3), "claims-1", 0));
    inTransaction(() -> nodeB.releaseClaim("claims-1", 0));
    inTransaction(() -> nodeA.releaseClaim("claims-1", 0));
    assertThat(positionOf("claims-1")).isEqualTo(3);
  }

  @Test
  void positionIsNotStoredOnceAnotherNodeHasHadTheClaim() {
    var nodeA = tokenStore("node-a");
    sql.update("update token set owner = 'node-b' where processorname = 'claims-1'");
    var nodeB = tokenStore("node-b");
    inTransaction(() -> nodeB.storeToken(new GlobalSequenceTrackingToken(3), "claims-1", 0));
    inTransaction(() -> nodeB.releaseClaim("claims-1", 0));
    assertThatThrownBy(
            () ->
                inTransaction(
                    () -> nodeA.storeToken(new GlobalSequenceTrackingToken(2), "claims-1", 0)))
        .isInstanceOf(UnableToClaimTokenException.class);
    assertThat(positionOf("claims-1")).isEqualTo(3);
  }

  /** As after a crash of the database, which loses the last commits that did not wait for it. */
  @Test
  void tokenThatTheDatabaseHasLostIsNotOverwritten() {
    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.fetchToken("claims-1", 0));
    var before = tokenOf("claims-1");
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    sql.update("update token set token = ? where processorname = 'claims-1'", (Object) before);

    assertThatThrownBy(() -> handleAndStore(nodeA, 2))
        .hasStackTraceContaining(UnableToClaimTokenException.class.getName());
    inTransaction(() -> nodeA.fetchToken("claims-1", 0));
    handleAndStore(nodeA, 1);
    assertThat(positionOf("claims-1")).isEqualTo(1);
  }

  @Test
  void processorWithoutEventsGoesBackToTheTokenThatTheDatabaseHas() {
    var nodeA = tokenStore("node-a");
    inTransaction(() -> nodeA.fetchToken("claims-1", 0));
    var before = tokenOf("claims-1");
    inTransaction(() -> nodeA.storeToken(new GlobalSequenceTrackingToken(1), "claims-1", 0));
    sql.update("update token set token = ? where processorname = 'claims-1'", (Object) before);

    assertThatThrownBy(() -> inTransaction(() -> nodeA.extendClaim("claims-1", 0)))
        .isInstanceOf(UnableToClaimTokenException.class);
    inTransaction(() -> nodeA.fetchToken("claims-1", 0));
    inTransaction(() -> nodeA.extendClaim("claims-1", 0));
    inTransaction(() -> nodeA.extendClaim("claims-2", 0));
  }

  private void handleAndStore(NodeTokenStore tokens, long position) {
    var unit = DefaultUnitOfWork.startAndGet(null);
    unit.attachTransaction(transactionManager);
    unit.onPrepareCommit(
        u -> tokens.storeToken(new GlobalSequenceTrackingToken(position), "claims-1", 0));
    unit.commit();
  }

  private byte[] tokenOf(String processor) {
    return sql.queryForObject(
        "select token from token where processorname = ?", byte[].class, processor);
  }

  private long positionOf(String processor) {
    var token =
        transactionManager.fetchInTransaction(() -> tokenStore("node-a").fetchToken(processor, 0));
    return token.position().orElseThrow();
  }

  private NodeTokenStore tokenStore(String node) {
    return new NodeTokenStore(connections, axon.serializer(), node);
  }

  private void claim(NodeTokenStore tokens, String processor) {
    inTransaction(
        () -> tokens.initializeTokenSegments(processor, 1, new GlobalSequenceTrackingToken(0)));
    inTransaction(() -> tokens.fetchToken(processor, 0));
  }

  private void inTransaction(Runnable work) {
    transactionManager.executeInTransaction(work);
  }
}
