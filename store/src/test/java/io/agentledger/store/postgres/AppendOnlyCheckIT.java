package io.agentledger.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.store.StoreHouse;
import io.agentledger.store.TestHouse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.DataSourceBuilder;

class AppendOnlyCheckIT extends StoreHouse {
  @Autowired AppendOnlyCheck appendOnly;

  @Test
  void itTellsWhoCanChangeEventsFromWhoCannot() {
    assertThat(appendOnly.isGuaranteed()).isTrue();
    var owner =
        DataSourceBuilder.create()
            .url(database.getJdbcUrl())
            .username(TestHouse.owner().user())
            .password(TestHouse.owner().password())
            .type(org.springframework.jdbc.datasource.DriverManagerDataSource.class)
            .build();
    assertThat(new AppendOnlyCheck(owner).isGuaranteed()).isFalse();
  }
}
