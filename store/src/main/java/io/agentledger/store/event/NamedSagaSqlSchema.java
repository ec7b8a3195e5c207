package io.agentledger.store.event;

import io.agentledger.api.shared.StableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.modelling.saga.repository.jdbc.PostgresSagaSqlSchema;
import org.axonframework.modelling.saga.repository.jdbc.SagaSchema;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;

/** Stores sagas under stable names; Axon's own schema stores the names of their classes. */
final class NamedSagaSqlSchema extends PostgresSagaSqlSchema {
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, String> classes = new HashMap<>();

  NamedSagaSqlSchema(SagaSchema schema, Collection<Class<?>> sagas) {
    super(schema);
    for (Class<?> saga : sagas) {
      names.put(saga.getName(), StableNames.of(saga));
      if (classes.put(StableNames.of(saga), saga.getName()) != null)
        throw new IllegalStateException("one name for two sagas: " + saga);
    }
  }

  @Override
  public PreparedStatement sql_removeAssocValue(
      Connection connection, String key, String value, String sagaType, String saga)
      throws SQLException {
    return super.sql_removeAssocValue(connection, key, value, nameOf(sagaType), saga);
  }

  @Override
  public PreparedStatement sql_storeAssocValue(
      Connection connection, String key, String value, String sagaType, String saga)
      throws SQLException {
    return super.sql_storeAssocValue(connection, key, value, nameOf(sagaType), saga);
  }

  @Override
  public PreparedStatement sql_findAssocSagaIdentifiers(
      Connection connection, String key, String value, String sagaType) throws SQLException {
    return super.sql_findAssocSagaIdentifiers(connection, key, value, nameOf(sagaType));
  }

  @Override
  public PreparedStatement sql_findAssociations(Connection connection, String saga, String sagaType)
      throws SQLException {
    return super.sql_findAssociations(connection, saga, nameOf(sagaType));
  }

  @Override
  public PreparedStatement sql_updateSaga(
      Connection connection, String saga, byte[] data, String sagaType, String revision)
      throws SQLException {
    return super.sql_updateSaga(connection, saga, data, nameOf(sagaType), revision);
  }

  @Override
  public PreparedStatement sql_storeSaga(
      Connection connection, String saga, String revision, String sagaType, byte[] data)
      throws SQLException {
    return super.sql_storeSaga(connection, saga, revision, nameOf(sagaType), data);
  }

  @Override
  public SerializedObject<byte[]> readSerializedSaga(ResultSet row) throws SQLException {
    var stored = super.readSerializedSaga(row);
    var name = stored.getType().getName();
    var type = classes.get(name);
    if (type == null) throw new IllegalStateException("no saga has the name " + name);
    return new SimpleSerializedObject<>(
        stored.getData(), byte[].class, type, stored.getType().getRevision());
  }

  private String nameOf(String className) {
    var name = names.get(className);
    if (name == null) throw new IllegalStateException("not a saga: " + className);
    return name;
  }
}
