package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.store.StoreTestSupport;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
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
