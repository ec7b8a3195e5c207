package io.agentledger.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.store.NodeHome;
import io.agentledger.store.Topology;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.util.StringUtils;

/** Beans of the database and of the migrations, which need the application's role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PostgresSettings.class, FlywayProperties.class})
public class DatabaseConfiguration {
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);

  /**
   * Lets transactions take their connection for their first statement: those of event processors
   * often have none, and for each connection that was not used for a while the pool asks the
   * database whether it is alive.
   */
  @Bean
  static BeanPostProcessor lazyConnections() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof HikariDataSource pool && name.equals("dataSource"))) return bean;
        var lazy = new LazyConnectionDataSourceProxy();
        lazy.setTargetDataSource(pool);
        lazy.setDefaultAutoCommit(true);
        lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return lazy;
      }
    };
  }

  /** Creates the embedded server, which is destroyed after all other beans except the home. */
  @Bean
  @Conditional(NoDatabaseUrl.class)
  EmbeddedPostgres embeddedPostgres(NodeHome home, PostgresSettings settings) {
    return EmbeddedPostgres.start(home, settings);
  }

  @Bean
  @Conditional(NoDatabaseUrl.class)
  JdbcConnectionDetails application(EmbeddedPostgres embedded) {
    return new Application(embedded.application());
  }

  /**
   * Returns the connection of the migrations, which never use the application's connections,
   * because those have a time limit. Without {@code spring.flyway.user} the user of an external
   * database owns the tables, too.
   */
  @Bean
  FlywayConnectionDetails owner(
      FlywayProperties flyway,
      JdbcConnectionDetails application,
      ObjectProvider<EmbeddedPostgres> embedded) {
    EmbeddedPostgres embeddedPostgres = embedded.getIfAvailable();
    if (embeddedPostgres != null) {
      DatabaseAccess owner = embeddedPostgres.owner();
      return new Owner(owner.url(), owner.user(), owner.password());
    }
    String user = flyway.getUser();
    return new Owner(
        Objects.requireNonNullElseGet(flyway.getUrl(), application::getJdbcUrl),
        user == null ? application.getUsername() : user,
        user == null ? application.getPassword() : flyway.getPassword());
  }

  /** Matches if {@code spring.datasource.url} is not set; then the embedded server is used. */
  static final class NoDatabaseUrl implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
    }
  }

  private record Application(DatabaseAccess access) implements JdbcConnectionDetails {
    @Override
    public String getJdbcUrl() {
      return access.url();
    }

    @Override
    public String getUsername() {
      return access.user();
    }

    @Override
    public String getPassword() {
      return access.password();
    }
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
      return "Owner[" + url + ", " + user + "]"; // Passwords are not logged.
    }
  }

  @Bean
  ConnectionPools connectionPools(JdbcConnectionDetails application, Environment environment) {
    return new ConnectionPools(application, environment);
  }

  @Bean
  Topology topology(ObjectProvider<EmbeddedPostgres> embedded) {
    return new Topology(embedded.getIfAvailable() != null);
  }

  @Bean
  SchemaOwner schemaOwner(FlywayConnectionDetails owner) {
    return new SchemaOwner(owner);
  }

  @Bean
  DatabaseHealthCheck databaseHealth(ConnectionPools pools, DataSource application) {
    HikariConfig pool = pools.configure("health", 1, HEALTH_TIMEOUT);
    pool.setInitializationFailTimeout(-1);
    return new DatabaseHealthCheck(new HikariDataSource(pool), application);
  }

  @Bean
  @DependsOnDatabaseInitialization
  AppendOnlyCheck appendOnly(DataSource application) {
    return new AppendOnlyCheck(application);
  }

  /** Sets the placeholder {@code ${application}} of the migrations to the application's role. */
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
