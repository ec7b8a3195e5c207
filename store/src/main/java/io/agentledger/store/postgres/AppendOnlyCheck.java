package io.agentledger.store.postgres;

import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.JdbcTemplate;

/** Warns if the application's database user can change recorded events. */
final class AppendOnlyCheck implements SmartInitializingSingleton {
  private static final Logger log = LoggerFactory.getLogger(AppendOnlyCheck.class);
  private static final String CAN_CHANGE =
      "select has_table_privilege('event', 'update, delete, truncate')"
          + " or pg_has_role((select relowner from pg_class where oid = 'event'::regclass),"
          + " 'usage')";

  private final DataSource application;

  AppendOnlyCheck(DataSource application) {
    this.application = application;
  }

  boolean isAppendOnly() {
    return Boolean.FALSE.equals(
        new JdbcTemplate(application).queryForObject(CAN_CHANGE, Boolean.class));
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (!isAppendOnly())
      log.warn(
          "the database user can change recorded events; give migrations a user of their own"
              + " (spring.flyway.user), and the application one that owns nothing");
  }
}
