package io.agentledger.store.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The database, and the migrations that must know who the application is. */
@Configuration(proxyBeanMethods = false)
public class DatabaseConfiguration {
  /**
   * Migrations never run on the application's connections: those are cut after a while. Without
   * {@code spring.flyway.user} the application's user owns the tables, too.
   */
  @Bean
  FlywayConnectionDetails owner(FlywayProperties flyway, JdbcConnectionDetails application) {
    String user = flyway.getUser();
    return new Owner(
        Objects.requireNonNullElseGet(flyway.getUrl(), application::getJdbcUrl),
        user == null ? application.getUsername() : user,
        user == null ? application.getPassword() : flyway.getPassword());
  }

  private record Owner(String url, @Nullable String user, @Nullable String password)
      implements FlywayConnectionDetails {
    @Override
    public String getJdbcUrl() {
      return url;
    }

    @Override
    public @Nullable String getUsername() {
      return user;
    }

    @Override
    public @Nullable String getPassword() {
      return password;
    }

    @Override
    public String toString() {
      return "Owner[" + url + ", " + user + "]"; // A password is not for logs.
    }
  }

  /** Migrations name the application's role {@code ${application}}. */
  @Bean
  FlywayConfigurationCustomizer applicationRole(DataSource application) {
    return flyway -> {
      Map<String, String> placeholders = new HashMap<>(flyway.getPlaceholders());
      placeholders.put(
          "application",
          String.valueOf(
              new JdbcTemplate(application)
                  .queryForObject("select quote_ident(current_user)", String.class)));
      flyway.placeholders(placeholders);
    };
  }
}
