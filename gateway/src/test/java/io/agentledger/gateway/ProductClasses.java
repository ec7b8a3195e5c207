package io.agentledger.gateway;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** What is shipped: neither tests, nor the jars in which modules lend theirs to one another. */
public final class ProductClasses {
  private ProductClasses() {}

  public static JavaClasses inPackage(String name) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(name);
  }
}
