package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Transitive dependencies that are unused are not on the class path. */
class UnusedDependenciesTest {
  @Test
  void readerOfXmlThatMakesObjectsIsAbsent() {
    assertThatThrownBy(() -> Class.forName("com.thoughtworks.xstream.XStream"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void nativeCodeOfQuicIsAbsent() {
    var loader = getClass().getClassLoader();
    for (var system : new String[] {"linux_x86_64", "linux_aarch_64", "osx_x86_64"})
      assertThat(loader.getResource("META-INF/native/libnetty_quiche42_" + system + ".so"))
          .isNull();
    assertThat(loader.getResource("META-INF/versions/io.netty.netty-codec-native-quic")).isNull();
  }
}
