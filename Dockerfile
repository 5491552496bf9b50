# The function's image, for the kind of machine that builds it: arm64 or x86_64.
#
#   docker build --provenance=false --tag authoriser .
#
# Lambda does not accept an image index, so there is no provenance. These arguments pin the base images:
# --build-arg LAMBDA_BASE=public.ecr.aws/lambda/java:25@sha256:DIGEST, and BUILD_BASE in the same form.
ARG BUILD_BASE=docker.io/library/maven:3.9-eclipse-temurin-25
ARG LAMBDA_BASE=public.ecr.aws/lambda/java:25

FROM ${BUILD_BASE} AS build
WORKDIR /build
COPY pom.xml .
COPY src src
# A start-up archive fits only the JVM that made it, so none is made here.
RUN mvn --batch-mode --quiet -DskipTests -Dexec.skip package \
    && mvn --batch-mode --quiet dependency:copy-dependencies -DoutputDirectory=/training/lib \
        -DincludeGroupIds=com.fasterxml.jackson.core \
    && mv target/test-classes /training/classes \
    && cp --recursive --dereference "$JAVA_HOME" /training/jdk

# Makes the archive with the JVM of the image. The runtime client calls the function with real requests, and the
# function decides on them over TLS. The build stops here if the archive cannot be loaded, does not fit the class path,
# or has less than 95 % of the classes. The stand-ins run on another JDK, because the image need not have everything
# that they use. The time limit is long enough for emulation.
FROM ${LAMBDA_BASE} AS training
COPY --from=build /build/target/lambda /var/task
COPY --from=build /training /training
RUN env --unset=LD_LIBRARY_PATH timeout 7200 \
        /training/jdk/bin/java -cp '/training/classes:/training/lib/*:/var/task/lib/*' \
        authoriser.training.Training /var/task /var/lang

FROM ${LAMBDA_BASE}
COPY --from=training /var/task /var/task
# The archive depends on modes, paths and times, which copying keeps. To check this, the JVM starts once as a user
# without rights, as on Lambda, with AOTMode=on: it stops if it cannot use the archive. Without Lambda, the start then
# fails at its first request to the Runtime API.
USER 1051:1051
RUN cd /var/task && sha256sum --check --quiet authoriser.aot.inputs \
    && AWS_LAMBDA_RUNTIME_API=127.0.0.1:9 \
        JAVA_TOOL_OPTIONS='-XX:AOTMode=on -Xlog:aot,class+path -XX:-UsePerfData' \
        /var/task/bootstrap 2>&1 | grep --max-count=1 'Using AOT-linked classes: true'
USER root
ENTRYPOINT ["/var/task/bootstrap"]
CMD ["authoriser.AuthoriserHandler::handleRequest"]
