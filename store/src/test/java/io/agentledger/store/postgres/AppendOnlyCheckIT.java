package io.agentledger.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.StoreTestSupport;
import io.agentledger.store.TestInstallation;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.DataSourceBuilder;

class AppendOnlyCheckIT extends StoreTestSupport {
  @Autowired AppendOnlyCheck appendOnly;

  @Test
  void detectsRolesThatCanChangeEvents() {
    assertThat(appendOnly.isAppendOnly()).isTrue();
    var owner =
        DataSourceBuilder.create()
            .url(database.getJdbcUrl())
            .username(TestInstallation.owner().user())
            .password(TestInstallation.owner().password())
            .type(org.springframework.jdbc.datasource.DriverManagerDataSource.class)
            .build();
    assertThat(new AppendOnlyCheck(owner).isAppendOnly()).isFalse();
  }
}
