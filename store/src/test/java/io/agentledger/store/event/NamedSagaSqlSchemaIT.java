package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.shared.StableName;
import io.agentledger.store.StoreTestSupport;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValuesImpl;
import org.axonframework.modelling.saga.repository.jdbc.JdbcSagaStore;
import org.axonframework.modelling.saga.repository.jdbc.SagaSchema;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class NamedSagaSqlSchemaIT extends StoreTestSupport {
  @StableName("Waiting")
  record WaitingSaga(String run) {}

  @StableName("Other")
  record OtherSaga(String run) {}

  @Autowired ConnectionProvider connections;
  @Autowired Serializer serializer;

  private JdbcSagaStore store(Class<?>... sagas) {
    var tables =
        SagaSchema.builder()
            .sagaEntryTable("saga")
            .associationValueEntryTable("saga_association")
            .build();
    return JdbcSagaStore.builder()
        .connectionProvider(connections)
        .sqlSchema(new NamedSagaSqlSchema(tables, List.of(sagas)))
        .serializer(serializer)
        .build();
  }

  @Test
  void storesSagasAndTheirAssociationsUnderStableNames() {
    var sagas = store(WaitingSaga.class, OtherSaga.class);
    var id = UUID.randomUUID().toString();
    var run = new AssociationValue("runId", id);
    sagas.insertSaga(WaitingSaga.class, id, new WaitingSaga("first"), Set.of(run));
    assertThat(types("saga", id)).containsExactly("Waiting");
    assertThat(types("saga_association", id)).containsExactly("Waiting");
    assertThat(sagas.findSagas(WaitingSaga.class, run)).containsExactly(id);
    assertThat(sagas.findSagas(OtherSaga.class, run)).isEmpty();

    var query = new AssociationValue("queryId", id);
    var associations = new AssociationValuesImpl(Set.of(run));
    associations.add(query);
    associations.remove(run);
    sagas.updateSaga(WaitingSaga.class, id, new WaitingSaga("second"), associations);
    var loaded = store(WaitingSaga.class).loadSaga(WaitingSaga.class, id);
    assertThat(loaded.saga()).isEqualTo(new WaitingSaga("second"));
    assertThat(loaded.associationValues()).containsExactly(query);

    sagas.deleteSaga(WaitingSaga.class, id, Set.of(query));
    assertThat(types("saga", id)).isEmpty();
    assertThat(types("saga_association", id)).isEmpty();
  }

  @Test
  void rejectsSagasThatItDoesNotKnowAndNamesThatTwoHave() {
    var run = new AssociationValue("runId", "run");
    assertThatThrownBy(() -> store(WaitingSaga.class).findSagas(OtherSaga.class, run))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not a saga");
    assertThatThrownBy(() -> store(WaitingSaga.class, WaitingSaga.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one name for two sagas");
  }

  private List<String> types(String table, String saga) {
    return sql.queryForList(
        "select sagatype from " + table + " where sagaid = ?", String.class, saga);
  }
}
