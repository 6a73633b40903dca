import { describe, expect, it } from "vitest";
import { acceptsQuality, isdSourceCode } from "../../../src/data/sources/quality.js";

const codes = ["", ..."0123456789ACIMPRUskn"];
const accepted = (source: string) => codes.filter((code) => acceptsQuality(code, source)).join(" ");

describe("acceptsQuality", () => {
  it.each(["313", "314", "315", "322", "335", "343", "344", "346", isdSourceCode])("reads %s as ISD does", (source) => {
    expect(accepted(source)).toBe(" 0 1 4 5 9 A C I M P R U");
  });

  it.each(["220", "221", "222", "223", "347", "348"])("knows that 5 of source %s means removed", (source) => {
    expect(accepted(source)).toBe(" 0 1 4");
  });

  it.each(["", "999"])("is careful with source %j", (source) => {
    expect(accepted(source)).toBe(" 0 1 5");
  });
});
