package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.store.TestInstallation;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.serialization.JavaSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Configurations that lose data silently prevent the start. */
class AxonConfigurationCheckIT {
  private static final String URL = TestInstallation.newDatabase();

  @EnableAutoConfiguration
  static class InMemoryTokenStoreConfiguration {
    @Bean
    @Primary
    TokenStore forgetful() {
      return new InMemoryTokenStore();
    }
  }

  @EnableAutoConfiguration
  static class JavaSerializerConfiguration {
    @Bean
    static BeanPostProcessor archaic() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return name.equals("messageSerializer") ? JavaSerializer.builder().build() : bean;
        }
      };
    }
  }

  @EnableAutoConfiguration
  static class NoTransactionsConfiguration {
    @Bean
    @Primary
    TransactionManager careless() {
      return NoTransactionManager.instance();
    }
  }

  @Test
  void rejectsInMemoryTokenStore() {
    assertThatThrownBy(() -> start(InMemoryTokenStoreConfiguration.class))
        .hasStackTraceContaining("must be JdbcTokenStore");
  }

  @Test
  void rejectsOtherSerializers() {
    assertThatThrownBy(() -> start(JavaSerializerConfiguration.class))
        .hasStackTraceContaining("must be StoredJsonSerializer");
  }

  @Test
  void rejectsMissingTransactionManager() {
    assertThatThrownBy(() -> start(NoTransactionsConfiguration.class))
        .hasStackTraceContaining("must be SpringTransactionManager");
  }

  private static void start(Class<?> fault) {
    var application = new SpringApplication(fault);
    application.setRegisterShutdownHook(false);
    application.run(TestInstallation.arguments(URL, TestInstallation.newHome())).close();
  }
}
