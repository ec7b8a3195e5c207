package io.agentledger.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class CommandEnvironmentPostProcessorTest {
  private static StandardEnvironment processed(Map<String, Object> settings) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    new CommandEnvironmentPostProcessor()
        .postProcessEnvironment(environment, new SpringApplication());
    return environment;
  }

  @Test
  void standardVariablesSetOurProperties() {
    var environment =
        processed(Map.of("MAX_STORAGE_MB", "512", "JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "15"));
    assertThat(environment.getProperty("agentledger.quota.user.storage-mib")).isEqualTo("512");
    assertThat(environment.getProperty("agentledger.identity.access-token-ttl")).isEqualTo("15m");
  }

  @Test
  void propertyOfAStandardVariableKeepsTheNameOfTheVariable() {
    var source = processed(Map.of("MAX_STORAGE_MB", "abc")).getPropertySources();
    var origin =
        OriginLookup.<String>getOrigin(
            source.get("commandDefaults"), "agentledger.quota.user.storage-mib");
    assertThat(origin)
        .isInstanceOfSatisfying(
            SystemEnvironmentOrigin.class,
            variable -> assertThat(variable.getProperty()).isEqualTo("MAX_STORAGE_MB"));
  }

  @Test
  void ownPropertiesOverrideStandardVariables() {
    var environment =
        processed(Map.of("MAX_STORAGE_MB", "512", "agentledger.quota.user.storage-mib", "1024"));
    assertThat(environment.getProperty("agentledger.quota.user.storage-mib")).isEqualTo("1024");
  }

  @Test
  void variablesOfMcpServersKeepTheirCase() {
    var environment =
        new StandardEnvironment() {
          @Override
          public Map<String, Object> getSystemEnvironment() {
            return Map.of("AGENTLEDGER_MCP_VARIABLES_API_Region", "eu-west");
          }
        };
    new CommandEnvironmentPostProcessor()
        .postProcessEnvironment(environment, new SpringApplication());
    assertThat(
            Binder.get(environment)
                .bind("agentledger.mcp.variables", Bindable.mapOf(String.class, String.class))
                .get())
        .containsEntry("API_Region", "eu-west");
  }

  @Test
  void emptyVariablesSetNothing() {
    var environment = processed(Map.of("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", ""));
    assertThat(environment.containsProperty("agentledger.identity.access-token-ttl")).isFalse();
  }
}
